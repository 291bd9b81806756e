import { seeded } from '../bench/seeded.ts';
import { drawRisk, type RiskQuery } from './draw-risk.ts';
import type { RiskTables } from './risk-tables.ts';

/** Risks that are asked for again and again, out of all; the others are drawn anew each time. */
const POPULAR = 60;
const SHARE_POPULAR = 0.8;
/** No stream has as many journeys as lie between it and the next. */
const BETWEEN_STREAMS = 0x4000000;
const STREAM_OF_POPULAR = 0;
/** Spreads seeds that are next to one another over all numbers: 2^32 by the golden ratio. */
const SPREAD = 0x9e3779b1;

/** Where a risk stands: the n-th of a stream; streams count from 1. */
export interface Turn {
  readonly seed: number;
  readonly stream: number;
  readonly n: number;
}

/** The risk of a turn, always the same. Most are popular: of 60 that every stream asks for. */
export function riskAt(tables: RiskTables, turn: Turn): RiskQuery {
  const random = randomAt(turn);
  if (random() >= SHARE_POPULAR) return drawRisk(tables, random);
  const popular = Math.floor(random() * POPULAR);
  return drawRisk(tables, randomAt({ seed: turn.seed, stream: STREAM_OF_POPULAR, n: popular }));
}

const randomAt = ({ seed, stream, n }: Turn) => seeded((Math.imul(seed, SPREAD) + stream * BETWEEN_STREAMS + n) | 0);

/** As the part of an address behind the question mark. */
export const queryText = (risk: RiskQuery): string =>
  Object.keys(risk)
    .map((name) => `${name}=${encodeURIComponent(risk[name] ?? '')}`)
    .join('&');
