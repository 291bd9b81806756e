import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import type { LifeTerms, PropertyTerms, TravelTerms } from '#contracts/tariff.ts';

/** A base rate, kopecks, of a row of the official table; `from` is its first day, `until` the first day without it. */
export interface Rate {
  row: string;
  baseRateMinor: number;
  from: string;
  until: string | null;
}

/** Commission in basis points of the premium. */
export interface Sold<Terms> {
  commissionRateBps: number;
  terms: Terms;
}

/** What an insurer sells and pays. A simulator reads it anew for each request, so a change here shows at once. */
export interface Book {
  osago: { commissionRateBps: number; rates: Rate[] };
  travel?: Sold<TravelTerms>;
  property?: Sold<PropertyTerms>;
  life?: Sold<LifeTerms>;
}

/** An insurer of the outside world: its own dialect over HTTP, for what its book holds. */
export interface Simulator {
  readonly id: string;
  /** A new book each time, as the insurer begins. */
  readonly book: () => Book;
  readonly serve: (book: Book) => Hono;
}

/** The day on which directive 7204-У came into force; all rates from then on are inside its corridors. */
export const EDITION_7204 = '2025-12-09';

/** A rate that holds since the edition began and has no end yet. */
export const sinceEdition = (row: string, baseRateMinor: number): Rate => ({
  row,
  baseRateMinor,
  from: EDITION_7204,
  until: null,
});

/** Changes with any change of the part of a book, so that a reader of several pages can tell. */
export function editionOf(part: unknown): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, 12);
}
