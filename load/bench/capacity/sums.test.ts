import { describe, expect, it } from 'vitest';
import { PARTS, type Part } from './region.ts';
import { sayCapacity } from './say-capacity.ts';
import { busyCores, type Costs, firstFull, processesFor, R6, worthOf } from './sums.ts';

const COSTS = Object.fromEntries(PARTS.map((part) => [part, { search: 100, policy: 1_000 }])) as Record<
  Part,
  Costs[Part]
>;
COSTS.core = { search: 1_000, policy: 5_000 };

describe('the sums of a capacity', () => {
  it('a part is busy with its searches and its policies', () => {
    const busy = busyCores(COSTS, { searches: 500, policies: 100 });
    expect([busy.core, busy.edge]).toEqual([1, 0.15]);
    expect(firstFull(busy, ['edge', 'core', 'settlement'])).toBe('core');
  });

  it.each([
    [0, 1],
    [0.6, 1],
    [0.61, 2],
    [1.2, 2],
    [6, 10],
  ])('%f busy cores need %i processes', (busy, processes) => {
    expect(processesFor(busy)).toBe(processes);
  });

  it('R6 at 5,000 roubles a policy is 864,000 policies a day, 180 million RUB an hour, 3 partners', () => {
    expect(worthOf(R6, 5_000)).toEqual({
      policiesADay: 864_000,
      roublesAnHour: 180_000_000,
      partners: 3,
      timesR6: 1,
    });
  });

  it('are said with the better of the knees, what is full first, and how many it takes', () => {
    const knees = { 1: { searches: 400, policies: 80 }, 2: { searches: 500, policies: 100 } } as const;
    const said = sayCapacity({ knees, costs: COSTS, premiumRoubles: 5_000 });
    expect(said[0]).toContain('bears 500 searches and 100 policies a second');
    expect(said[0]).toContain('10 times R6: 8,600,000 policies a day, 1,800,000,000 RUB');
    expect(said[0]).toContain('30 partners');
    expect(said[2]).toContain('The first to add is core');
    expect(said).toContain('| core | 1,000 | 5,000 | 0.1; 1 | 1; 2 | 10; 17 |');
    expect(said.at(-1)).toContain('bear 7,200 policies a second');
  });
});
