import type { Kind } from './names.ts';

/** One call as its caller saw it. Times by `performance.now()`. */
export interface Met {
  readonly kind: Kind;
  readonly startedAt: number;
  readonly ms: number;
  /** 0: there was no answer. */
  readonly status: number;
  /** Why there was none. */
  readonly error?: string;
  /** Of a 503, as it was sent. */
  readonly retryAfter?: string | null;
  /** Whether what is no success is problem+json. */
  readonly isProblem: boolean;
}

export const isGood = ({ status }: Pick<Met, 'status'>): boolean => status >= 200 && status < 300;
