import { expect, test } from 'vitest';
import { Refusal } from './operator-call.ts';
import { sentencesOf, whyNot } from './sentences-of.ts';

const errors = [
  { field: 'period', message: 'is not over' },
  { field: 'gaps', message: 'a partition is stopped' },
];
const refusal = (message: string, of = errors) => new Refusal(message, { status: 409, errors: of });

test.each([
  ['Cannot close it: is not over; a partition is stopped', 'Cannot close it:'],
  ['Not valid: period: is not over; gaps: a partition is stopped', 'Not valid:'],
  ['Cannot close it', 'Cannot close it'],
])('"%s" is said with each error on its own line, once', (message, what) => {
  expect(sentencesOf(refusal(message))).toEqual([what, 'period: is not over', 'gaps: a partition is stopped']);
});

test('a refusal without errors is its sentence', () => {
  expect(sentencesOf(refusal('Dead letter "17" was not found', []))).toEqual(['Dead letter "17" was not found']);
  expect(whyNot(refusal('Dead letter "17" was not found', []))).toBe('Dead letter "17" was not found');
});

test('why not is the errors alone', () => {
  expect(whyNot(refusal('Cannot close it: is not over; a partition is stopped'))).toBe(
    'is not over; a partition is stopped',
  );
});
