import { expect, test } from 'vitest';
import { issueOf } from '../ledger/issue-of.ts';
import { cancelled, issued, PARTITION } from '../testing.ts';
import { judgeMessage } from './judge-message.ts';
import { readMessage } from './read-message.ts';

const stream = { region: 'msk', partition: PARTITION };
const VERSIONS = [1, 2, 3] as const;

/** The policy after so many events; `parked`: with a dead letter. */
const policyAt = (version: number, hasDeadLetter = false) => ({
  version,
  issue: version > 0 ? issueOf(issued(1, 1)) : undefined,
  hasDeadLetter,
});

function verdictOn(event: ReturnType<typeof issued | typeof cancelled>, policy: ReturnType<typeof policyAt>): string {
  const message = readMessage(JSON.stringify(event), stream);
  if (!message.placed || 'day' in message.content) throw new Error('The event has no place');
  const { content, aggregateVersion } = message;
  const verdict = judgeMessage({ content, aggregateVersion }, policy);
  if ('event' in verdict) return 'book';
  return 'hole' in verdict ? 'stop' : verdict.refusal.reason;
}

test.each([
  ['issued', 0, ['book', 'invalid-event', 'invalid-event']],
  ['issued', 1, ['issued-twice', 'issued-twice', 'issued-twice']],
  ['issued', 2, ['issued-twice', 'issued-twice', 'issued-twice']],
  ['cancelled', 0, ['invalid-event', 'stop', 'stop']],
  ['cancelled', 1, ['invalid-event', 'book', 'stop']],
  ['cancelled', 2, ['invalid-event', 'cancelled-twice', 'cancelled-twice']],
] as const)('S3.2 judgeMessage: %s as version 1, 2, 3 when %d are booked', (operation, booked, verdicts) => {
  const of = (aggregateVersion: number) =>
    operation === 'issued'
      ? issued(1, 1, { envelope: { aggregateVersion } })
      : cancelled(1, 1, { envelope: { aggregateVersion } });
  expect(VERSIONS.map((version) => verdictOn(of(version), policyAt(booked)))).toEqual(verdicts);
  expect(VERSIONS.map((version) => verdictOn(of(version), policyAt(booked, true)))).toEqual(
    VERSIONS.map(() => 'behind-dead-letter'),
  );
});
