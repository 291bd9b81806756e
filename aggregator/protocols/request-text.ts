import type { InsurerContext } from '../insurers/insurer.ts';
import { InsurerReplyError, quoted } from './insurer-reply-error.ts';
import { readBounded, tooLarge } from './read-bounded.ts';

export interface TextRequest {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** The media types that may be read. */
  mediaTypes: readonly string[];
  /** Statuses besides 200 whose body, of a readable type, says what went wrong. */
  tellingStatuses?: readonly number[];
}

/** One HTTP exchange with an insurer: status, type, size and encoding checked; redirects are never followed. */
export async function requestText(
  ctx: InsurerContext,
  request: TextRequest,
): Promise<{ status: number; text: string }> {
  const response = await send(ctx, request);
  const refusal = refuseHead(response, { request, maxBytes: ctx.maxBytes, now: ctx.now() });
  if (refusal !== undefined) {
    response.body?.cancel().catch(() => undefined);
    throw refusal;
  }
  return { status: response.status, text: decodeUtf8(await readBounded(response.body, ctx)) };
}

/** The refusal of a status that was not asked for. */
export function wrongStatus(status: number, retryAfterMs?: number): InsurerReplyError {
  return new InsurerReplyError('status', `HTTP status ${status}`, { status, retryAfterMs });
}

/** RFC 9110, section 10.2.3: seconds, or a date. Milliseconds from now; undefined when absent, past or unreadable. */
function retryAfter(header: string | null, now: Date): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return ms > 0 ? ms : undefined;
}

async function send(ctx: InsurerContext, { url, method, headers, body }: TextRequest): Promise<Response> {
  ctx.signal.throwIfAborted();
  try {
    return await ctx.fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'error',
      signal: ctx.signal,
    });
  } catch (error) {
    ctx.signal.throwIfAborted();
    throw new InsurerReplyError('unreachable', `no answer (${whyFetchFailed(error)})`, { cause: error });
  }
}

/** undici says only "fetch failed"; what happened is in its cause. */
function whyFetchFailed(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}

function refuseHead(
  { status, headers }: Response,
  { request, maxBytes, now }: { request: TextRequest; maxBytes: number; now: Date },
): InsurerReplyError | undefined {
  const telling = request.tellingStatuses?.includes(status) ?? false;
  if (status !== 200 && !telling) return wrongStatus(status, retryAfter(headers.get('retry-after'), now));
  const header = headers.get('content-type') ?? '';
  const [mediaType = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  if (!request.mediaTypes.includes(mediaType)) {
    if (telling) return wrongStatus(status);
    return new InsurerReplyError(
      'content-type',
      `content type ${quoted(header)}, not ${request.mediaTypes.join(' or ')}`,
    );
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    return new InsurerReplyError('content-type', `${quoted(charset)}, not utf-8`);
  }
  return Number(headers.get('content-length') ?? 0) > maxBytes ? tooLarge(maxBytes) : undefined;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InsurerReplyError('malformed', 'the body is not UTF-8');
  }
}
