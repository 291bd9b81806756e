export const HONO_RATE_LIMITER = '0.5.4';
export const TRANSACTIONAL_OUTBOX = '0.5.7';
export const DEBEZIUM = '3.6.1.Final';

/** What is fetched of peers that are packages of npm, and only by whoever measures them. */
export const PEER_PACKAGES = {
  // Hono itself as here: it would take the newest.
  honoRateLimiter: [`hono-rate-limiter@${HONO_RATE_LIMITER}`, 'hono@4.13.19'],
  transactionalOutbox: [`pg-transactional-outbox@${TRANSACTIONAL_OUTBOX}`],
} as const satisfies Record<string, readonly string[]>;
