/** What postgres.js calls a connection that is not there, and the network what is behind it. */
const NO_CONNECTION = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** SQLSTATE: connection exceptions (08), and a server that shuts down, crashed or is still starting (57P01 to 57P03). */
const GONE = /^(08...|57P0[123])$/;

/** Whether the database could not be asked, or was lost before it answered: then it is not known what it has done. */
export function isDatabaseAway(error: unknown): boolean {
  // Drizzle wraps what it throws.
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && (NO_CONNECTION.has(cause.code) || GONE.test(cause.code)))
      return true;
  }
  return false;
}
