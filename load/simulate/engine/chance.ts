import { seeded } from '../../bench/seeded.ts';

/** All that is left to chance in a run, and the same for a seed in every run. */
export interface Chance {
  /** An integer from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  /** A number from `least` up to `most`. */
  between(least: number, most: number): number;
  /** True this often, from 0 to 1. */
  happens(probability: number): boolean;
  /** One of them; of none, undefined. */
  pick<Item>(items: readonly Item[]): Item | undefined;
  /** One of these, of which there is at least one. */
  one<Item>(...items: readonly [Item, ...Item[]]): Item;
}

export function createChance(seed: number): Chance {
  const random = seeded(seed);
  // Neighbouring seeds begin alike.
  for (let n = 0; n < 4; n += 1) random();
  const integer = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  return {
    integer,
    between: (least, most) => least + random() * (most - least),
    happens: (probability) => random() < probability,
    pick: (items) => items[integer(0, items.length - 1)],
    one: (...items) => items[integer(0, items.length - 1)] ?? items[0],
  };
}
