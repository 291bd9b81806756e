import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DayClosedEvent, EventEnvelope, PolicyEvent, TariffEvent } from './events.ts';

/**
 * Every shape that an event ever had on the wire, one file each: `{type}.json`, and `{type}.{what was added}.json` for a
 * shape that grew. A file is never changed or removed: records like it lie in topics and outboxes.
 */
const FOLDER = new URL('golden/', import.meta.url);
const FILES = readdirSync(FOLDER);
const TYPES = [...PolicyEvent.options, DayClosedEvent, ...TariffEvent.options].map((option) => option.shape.type.value);

const read = (file: string) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as EventEnvelope;
const isFileOf = (type: string) => (file: string) => file === `${type}.json` || file.startsWith(`${type}.`);
const schemaOf = (type: string) => {
  if (type.startsWith('policy.')) return PolicyEvent;
  return type.startsWith('control.') ? DayClosedEvent : TariffEvent;
};

test.each(TYPES)('%s has a golden file', (type) => {
  expect(FILES.filter(isFileOf(type))).not.toEqual([]);
});

describe.each(FILES)('changes of events only add: %s', (file) => {
  test("is read by today's schema, nothing of it lost or altered", () => {
    const event = read(file);
    expect(schemaOf(event.type).parse(event)).toEqual(event);
    expect(EventEnvelope.parse(event)).toEqual(event);
  });

  test('is read by a reader who does not know a field that was added since', () => {
    const event = read(file);
    expect(schemaOf(event.type).parse({ ...event, addedLater: true })).toEqual(event);
  });

  test('is of a type that is known, and named by it', () => {
    const { type } = read(file);
    expect(TYPES).toContain(type);
    expect([file].filter(isFileOf(type))).toEqual([file]);
  });

  test('tells nothing of the holder', () => {
    expect(JSON.stringify(read(file))).not.toMatch(/holder|fullName|birthDate|phone|email/i);
  });
});
