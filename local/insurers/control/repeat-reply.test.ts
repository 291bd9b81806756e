import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { repeatReply } from './repeat-reply.ts';

const whole = (reply: string) => Buffer.concat([...repeatReply(reply, 200_000)]);

test('JSON is one array of the reply, at least as long as was asked', () => {
  const text = whole('{"ставка":"1"}');
  expect(text.byteLength).toBeGreaterThanOrEqual(200_000);
  expect(text.byteLength).toBeLessThan(400_000);
  expect(new Set(JSON.parse(text.toString()).map((item: unknown) => JSON.stringify(item)))).toEqual(
    new Set(['{"ставка":"1"}']),
  );
});

test('XML is one document with one declaration', () => {
  const text = whole('<?xml version="1.0" encoding="utf-8"?>\n<a><b>1</b></a>').toString();
  const { replies } = new XMLParser().parse(text);
  expect(replies.a.length).toBeGreaterThan(10_000);
  expect(new Set(replies.a.map((item: unknown) => JSON.stringify(item)))).toEqual(new Set(['{"b":1}']));
});

test('what is not asked for is not made: the chunks of an endless one are one and the same', () => {
  const chunks = repeatReply('{}', Number.MAX_SAFE_INTEGER);
  const [head, first, second] = [chunks.next().value, chunks.next().value, chunks.next().value];
  expect([head?.byteLength, first?.byteLength]).toEqual([3, 65_538]);
  expect(second).toBe(first);
});
