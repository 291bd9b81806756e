import type { CallerName, RegionName } from './callers.ts';

/** A connection that was refused or reset, before its request was taken to the other region. */
export interface Refusal {
  readonly region: RegionName;
  readonly sentAt: number;
  readonly at: number;
  readonly error: string;
}

/** One request as its sender saw it. Times are ms since 1970. */
export interface Asked {
  readonly caller: CallerName;
  readonly what: 'quote' | 'policy';
  /** Where the last attempt went. */
  readonly region: RegionName;
  /** The part of the run in which it was sent. */
  readonly slice: string;
  /** When it was to be sent, whatever became of those before it. */
  readonly dueAt: number;
  readonly sentAt: number;
  readonly answeredAt: number;
  /** 0: there was no answer, and `error` says why. */
  readonly status: number;
  readonly error?: string;
  /** Of a 429, as it was sent. */
  readonly retryAfter?: string | null;
  /** Whether the answer has `RateLimit` and `RateLimit-Policy`. */
  readonly tellsLimit: boolean;
  readonly refusal?: Refusal;
}

/** Somebody alone on its limit who was refused, waited as long as it was told, and asked again. */
export interface Probe {
  readonly region: RegionName;
  readonly at: number;
  /** As it was sent; null where there was none, undefined where it was never refused. */
  readonly retryAfter?: string | null;
  /** Of the answer after the wait; undefined when there was nothing to wait for. */
  readonly status?: number;
}

export const isAdmitted = ({ status }: Pick<Asked, 'status'>): boolean => status >= 200 && status < 300;
