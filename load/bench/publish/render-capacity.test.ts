import { describe, expect, test } from 'vitest';
import { kneeFigure, PREMIUM } from '../capacity/figure-names.ts';
import { CORES, KINDS, type KindName } from '../capacity/kinds.ts';
import { PARTS } from '../capacity/region.ts';
import { machine } from './machine.testing.ts';
import { renderCapacity } from './render-capacity.ts';

/** What a search costs each part, us: a new quote, a cached one, a sale with its quote, and one of the mix. */
const US: Readonly<Record<KindName, number>> = { 'new quotes': 1_000, 'cached quotes': 100, sales: 4_000, mix: 900 };
const RATES: Readonly<Record<1 | 2, number>> = { 1: 400, 2: 500 };

const figure = (name: string, median: number) => ({
  figure: name,
  unit: '',
  repeats: 3,
  median,
  min: median,
  max: median,
});
const figures = (Object.keys(KINDS) as KindName[]).flatMap((kind) =>
  CORES[kind].flatMap((cores) => [
    figure(kneeFigure(kind, cores, 'searches'), RATES[cores]),
    figure(kneeFigure(kind, cores, 'policies'), RATES[cores] / 5),
    ...PARTS.map((part) => figure(kneeFigure(kind, cores, part), US[kind])),
  ]),
);
const capacity = { name: 'capacity', machine, figures: [...figures, figure(PREMIUM, 5_000)] };

describe('renderCapacity', () => {
  test('says what the better knee of the mix is worth, and sums up by what a search and a policy cost', () => {
    const said = renderCapacity({ capacity });
    expect(said).toContain('bears 500 searches and 100 policies a second');
    expect(said).toContain('1,800,000,000 RUB of premium an hour at 5,000 RUB a policy, or 30 partners');
    // A fifth of the searches is new: 0.2 x 1000 + 0.8 x 100; a policy is a sale less its quote.
    expect(said).toContain('| core | 280 | 3,000 | 0.044; 1 | 0.44; 1 | 4.4; 8 |');
  });

  test('throws when a figure is missing, and says so before there is a report', () => {
    expect(() => renderCapacity({ capacity: { ...capacity, figures } })).toThrow('no figure "premium of a policy"');
    expect(renderCapacity({})).toBe('Not measured yet.');
  });
});
