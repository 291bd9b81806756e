import { describe, expect, test } from 'vitest';
import { summarise } from '../summarise.ts';
import { machine as aMachine } from './machine.testing.ts';
import { renderGoals } from './render-goals.ts';

const machine = { ...aMachine, versions: { wrk: '4.1.0' }, date: '2026-11-28T10:00:00.000Z', commit: 'abc1234' };
const control = summarise({ figure: 'A/A', unit: 'ratio', values: [0.98, 1, 1.02] });
const figures = [
  { ...summarise({ figure: 'fast / slow', unit: 'ratio', values: [2.9, 3, 3.1] }), control },
  { ...summarise({ figure: 'ours / theirs', unit: 'ratio', values: [1.5] }), control },
];
const goals = [
  { bench: 'edge', figure: 'fast / slow', says: 'a fast one', atLeast: 2, serves: 'R6' },
  { bench: 'edge', figure: 'ours / theirs', says: 'a peer', serves: 'R6' },
  { bench: 'sale', figure: 'a sale', says: 'a sale', atMost: 9, serves: 'R7' },
];
const HEAD = ['| what | serves | goal | found (least to most) | A/A | |', '|---|---|---|---|---|---|'];

describe('renderGoals', () => {
  test('tells what was found, the A/A and the verdict, and below it where and when', () => {
    expect(renderGoals({ edge: { name: 'edge', machine, figures } }, goals).split('\n')).toEqual([
      ...HEAD,
      '| a fast one | R6 | at least 2 | 3.00 (2.90 to 3.10) | 0.98 to 1.02 | held |',
      '| a peer | R6 | none: a peer | 1.50 (1.50 to 1.50) | 0.98 to 1.02 | - |',
      '| a sale | R7 | at most 9 | not measured |  |  |',
      '',
      '2 cores of a processor, 24 GiB, Debian x64, Node 24.21.0, wrk 4.1.0.',
      '',
      '`edge` on 2026-11-28 at abc1234 (load 0.1 before).',
    ]);
  });

  test('says which figures are of another machine', () => {
    const sale = summarise({ figure: 'a sale', unit: 'ms', values: [5] });
    const results = {
      rating: { name: 'rating', machine, figures: [] },
      edge: { name: 'edge', machine, figures },
      sale: { name: 'sale', machine: { ...machine, cores: 8 }, figures: [sale] },
    };
    const lines = renderGoals(results, goals).split('\n');
    expect(lines[2]).toContain('3.00 (2.90 to 3.10) (1)');
    expect(lines[4]).toContain('5.00 (5.00 to 5.00) (2)');
    expect(lines).toContain('(2) 8 cores of a processor, 24 GiB, Debian x64, Node 24.21.0, wrk 4.1.0.');
  });
});
