import { describe, expect, test } from 'vitest';
import { judge } from './judge.ts';
import { secondsUntilAllBuy, type Trial } from './run-trial.ts';

const trial = (changes: Partial<Trial> = {}): Trial => ({
  fault: 'crash',
  region: 'msk',
  tries: 100,
  failed: 40,
  failedLater: 0,
  failures: { ECONNREFUSED: 40 },
  seconds: 10,
  leftAfter: 9.5,
  backAfter: 15,
  settled: 1,
  ...changes,
});

describe('the judgement of a fault', () => {
  test('trials that keep the goal have no fault', () => {
    expect(judge('crash', [trial(), trial({ seconds: 13 })]).faults).toEqual([]);
    expect(judge('hang', [trial({ seconds: 15 })]).faults).toEqual([]);
    expect(judge('database-away', [trial({ seconds: 20 })]).faults).toEqual([]);
  });

  test.each([
    [
      'R1 D5 a crash that takes too long once in 20 times',
      'crash',
      [...Array(19).fill({}), { seconds: 13.1 }],
      '13.1 s (p99), and shall take 13',
    ],
    ['R1 D5 a hang that takes too long', 'hang', [{ seconds: 15.2 }], '15.2 s (p99), and shall take 15'],
    ['D5 a region that does not leave', 'database-away', [{ leftAfter: undefined }], 'msk did not leave the answers'],
    ['D5 a region that does not come back', 'crash', [{ backAfter: undefined }], 'msk did not come back'],
    [
      'D5 one failed request of a drain',
      'drain',
      [{ failed: 0, failedLater: 1 }],
      '1 customers failed, and none shall',
    ],
  ] as const)('%s is found', (_what, fault, changes, sentence) => {
    const trials = changes.map((change) => JSON.parse(JSON.stringify({ ...trial(), ...change })) as Trial);
    const lost = changes.map((change) => Object.keys(change).filter((name) => (change as never)[name] === undefined));
    for (const [place, names] of lost.entries()) for (const name of names) delete (trials[place] as never)[name];
    expect(judge(fault, trials).faults.join()).toContain(sentence);
  });
});

test('the time until everybody can buy is that of the first who comes after the last who fails', () => {
  const came = (startedAt: number, failure?: string) => ({
    startedAt,
    endedAt: startedAt + 2_000,
    answered: [],
    ...(failure && { failure }),
  });
  expect(secondsUntilAllBuy([came(1_100), came(1_200)], 1_000)).toBe(0);
  expect(
    secondsUntilAllBuy([came(900, 'reset'), came(1_100), came(1_300, 'late'), came(1_400), came(1_500)], 1_000),
  ).toBe(0.4);
  expect(secondsUntilAllBuy([came(1_300, 'late')], 1_000)).toBe(0.3);
});
