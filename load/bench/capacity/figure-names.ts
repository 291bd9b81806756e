import type { KindName } from './kinds.ts';
import type { Part } from './region.ts';

type Asker = 'crowd';

/** How the figures are called that a knee has: its rate, and what a search of it costs a part or who asks. */
export function kneeFigure(kind: KindName, cores: number, of: 'searches' | 'policies' | Part | Asker): string {
  const knee = `${kind}, ${cores === 1 ? '1 core process' : `${cores} core processes`}`;
  if (of === 'searches' || of === 'policies') return `${knee}: ${of}`;
  return `${knee}: ${of === 'crowd' ? 'who asks' : of}, a search`;
}

/** Roubles, on average. */
export const PREMIUM = 'premium of a policy';
