import type { Context } from 'hono';
import type { HopClaims } from '#contracts/hop.ts';
import { DomainError } from '#platform/problem/domain-error.ts';

/** 503: edge has given this call up. Nothing was done. */
export class DeadlinePassed extends DomainError {
  constructor() {
    super(
      'core-unavailable',
      'The time for this call was over before its turn: keep the Idempotency-Key and try again',
      {
        retryAfterSeconds: 2,
      },
    );
  }
}

/** Until when edge waits for this call's answer, ms since 1970; undefined when it does not say. */
export const deadlineOf = (c: Context): number | undefined => (c.get('hop') as HopClaims).deadline;

/** The refusal of work that nobody waits for any more; undefined while there is time, or no deadline. */
export const latenessOf = (now: () => Date, deadline: number | undefined): DeadlinePassed | undefined =>
  deadline !== undefined && now().getTime() > deadline ? new DeadlinePassed() : undefined;

/** Asked before work is begun, and again after it has waited. Throws DeadlinePassed. */
export function requireTime(now: () => Date, deadline: number | undefined): void {
  const lateness = latenessOf(now, deadline);
  if (lateness) throw lateness;
}
