import { createHash } from 'node:crypto';

/** A base rate, kopecks, of a row of the official table; `from` is its first day, `until` the first day without it. */
export interface Rate {
  row: string;
  baseRateMinor: number;
  from: string;
  until: string | null;
}

/** What an insurer sells and pays. The simulators read it anew for each request, so a change here shows at once. */
export interface Book {
  commissionRateBps: number;
  rates: Rate[];
}

export type Books = Record<'volga' | 'ural' | 'baikal', Book>;

/** The day on which directive 7204-У came into force; all rates from then on are inside its corridors. */
const EDITION_7204 = '2025-12-09';

/** The books that a simulator starts with: rows 2.1 (cars of companies), 2.2 (of individuals) and 2.3 (taxis). */
export function demoBooks(): Books {
  const since = (row: string, baseRateMinor: number): Rate => ({ row, baseRateMinor, from: EDITION_7204, until: null });
  return {
    volga: {
      commissionRateBps: 750,
      rates: [
        { row: '2.2', baseRateMinor: 451_200, from: '2022-09-13', until: EDITION_7204 },
        since('2.1', 241_500),
        { row: '2.2', baseRateMinor: 498_630, from: EDITION_7204, until: '2027-07-01' },
        { row: '2.2', baseRateMinor: 517_405, from: '2027-07-01', until: null },
        since('2.3', 912_075),
      ],
    },
    ural: {
      commissionRateBps: 605,
      rates: [since('2.1', 218_840), since('2.2', 524_300), since('2.3', 876_415)],
    },
    baikal: {
      commissionRateBps: 925,
      rates: [since('2.1', 265_090), since('2.2', 471_285), since('2.3', 1_024_000)],
    },
  };
}

/** Changes with any change of the book, so that a reader of several pages can tell. */
export function editionOf(book: Book): string {
  return createHash('sha256').update(JSON.stringify(book)).digest('hex').slice(0, 12);
}
