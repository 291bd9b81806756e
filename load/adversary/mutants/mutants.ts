import type { Attack, Target } from '../attack.ts';
import type { Charge } from '../judge.ts';

/** The product's own relay, consumer and retention. */
export const REAL: Target = { relay: 'real', consumer: 'real', retention: 'real' };

/** A naive part, what it must be found guilty of, and what brings that out. */
export interface Mutant {
  readonly name: string;
  readonly target: Target;
  readonly charge: Charge;
  readonly weather?: Partial<Pick<Attack, 'harmEvery' | 'usurped'>>;
}

/** Every way that is known to fail, in one part each; the rest of the product is as it is. */
export const MUTANTS = [
  { name: 'id > last', target: { ...REAL, relay: 'id-after-last' }, charge: 'lost' },
  { name: 'SKIP LOCKED', target: { ...REAL, relay: 'skip-locked' }, charge: 'misordered' },
  { name: 'cursor by xid', target: { ...REAL, relay: 'xid-cursor' }, charge: 'misordered' },
  { name: 'mark before send', target: { ...REAL, relay: 'mark-first' }, charge: 'lost' },
  {
    name: 'lock without fence',
    target: { ...REAL, relay: 'unfenced' },
    charge: 'gaps',
    weather: { harmEvery: 30, usurped: 0.8 },
  },
  { name: 'duplicates known from memory', target: { ...REAL, consumer: 'memory-dedup' }, charge: 'doubled' },
  { name: 'retention by the clock', target: { ...REAL, retention: 'clock' }, charge: 'lost' },
] as const satisfies readonly Mutant[];
