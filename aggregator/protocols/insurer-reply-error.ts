/** What was wrong with a reply; low in number, so fit for a metric's label. */
export type ReplyFault =
  | 'unreachable'
  | 'status'
  | 'content-type'
  | 'too-large'
  | 'cut-off'
  | 'malformed'
  | 'fault'
  | 'schema'
  | 'paging'
  | 'tariff';

/** An insurer did not answer, or answered what cannot be used. The message never carries the body, at most a short quote. */
export class InsurerReplyError extends Error {
  readonly reason: ReplyFault;
  /** The HTTP status, when that was what was wrong. */
  readonly status: number | undefined;

  /** How long the insurer asked to be left alone (Retry-After), milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    reason: ReplyFault,
    detail: string,
    options: { status?: number; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(`Cannot use the insurer's reply: ${detail}`, { cause: options.cause });
    this.name = 'InsurerReplyError';
    this.reason = reason;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

const MAX_QUOTE = 120;

/** An insurer's own words made safe for one line of a log: no control or invisible characters, at most 120 long. */
export function quoted(text: string): string {
  const head = text
    .slice(0, MAX_QUOTE * 2)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return JSON.stringify(
    head.length > MAX_QUOTE || text.length > MAX_QUOTE * 2 ? `${head.slice(0, MAX_QUOTE)}...` : head,
  );
}
