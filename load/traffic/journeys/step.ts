import type { Policy } from '#contracts/policy.ts';
import type { Offer } from '#contracts/quote.ts';
import type { RiskQuery } from '../draw-risk.ts';
import type { Kind } from '../scenarios.ts';

/** A request as any client sends it. */
export interface Sent {
  readonly method: 'GET' | 'POST';
  /** From the root of the edge. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  /** By its name in small letters. */
  readonly header: (name: string) => string | undefined;
}

/** One journey on its way: what it begins with, and what its answers bring. */
export interface Trip {
  readonly key: string;
  readonly risk: RiskQuery;
  /** No other journey has it: its Idempotency-Keys begin with it. */
  readonly id: string;
  /** 429 is a right answer, too. */
  readonly isOverLimit: boolean;
  /** Where it is; told by the first answer where nobody knows before. */
  region?: string | undefined;
  bought?: { readonly offer: Offer; readonly startsOn: string };
  issued?: { readonly policy: Policy; readonly text: string };
}

/** One request of a journey. */
export interface Step {
  readonly kind: Kind;
  /** Undefined when an answer before it brought nothing to go on with. */
  readonly request: (trip: Trip) => Sent | undefined;
  /** What is wrong with the answer; undefined when nothing is, and then the trip has what it brings. */
  readonly judge: (answer: Answer, trip: Trip) => string | undefined;
}
