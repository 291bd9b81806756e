import { CLOCKS_DIFFER_SECONDS, HOP_HEADER } from '#contracts/hop.ts';
import { beginSpan } from '#platform/tracing/begin-span.ts';
import type { EdgeContext, Origin } from '../context.ts';
import type { CoreAnswer } from './call-core.ts';
import { signHop } from './sign-hop.ts';

/** What is asked of core. */
export interface SentCall {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly target: string;
  /** Whole, so that it may be sent again. */
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  /** On whose behalf; absent for anonymous calls. */
  readonly partner?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly origin?: Pick<Origin, 'requestId' | 'traceparent'> & Partial<Pick<Origin, 'background'>>;
}

/** What became of one attempt. */
export type Sent =
  | { readonly kind: 'answered'; readonly answer: CoreAnswer }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** Of what was answered, if anything was. */
      readonly status?: number;
      /** Core answered, though what it said is no answer: it does not have to be left alone. */
      readonly isThere: boolean;
      /** Another attempt at once may fare better, and burdens nothing that is slow or overloaded. */
      readonly isRepeatable: boolean;
    };
type Failed = Extract<Sent, { kind: 'failed' }>;

interface Attempt {
  /** When the answer is given up, ms since 1970. */
  readonly deadline: number;
  readonly requestId: string;
}

/** The least that a read is signed for: a clock of core's that is ahead as far as it may be costs no answer, a late read little. */
const READ_AT_LEAST_MS = (CLOCKS_DIFFER_SECONDS + 1) * 1_000;

type SendContext = Pick<EdgeContext, 'config' | 'now' | 'fetch' | 'deadline' | 'tracer'>;

/** One signed call to core, never redirected; a span of its own where its trace is recorded. */
export async function sendCall(ctx: SendContext, call: SentCall, attempt: Attempt): Promise<Sent> {
  const span = ctx.tracer && beginSpan(ctx.tracer, spanOf(ctx, call));
  const sent = await send(ctx, call, { ...attempt, traceparent: span?.traceparent ?? call.origin?.traceparent });
  const status = sent.kind === 'answered' ? sent.answer.status : sent.status;
  span?.end({ failed: sent.kind === 'failed', attributes: status ? { 'http.response.status_code': status } : {} });
  return sent;
}

/** By the semantic conventions for HTTP, but without the address: it may name who asks. */
function spanOf({ config }: SendContext, { method, origin }: SentCall) {
  const { hostname, port, protocol } = new URL(config.CORE_URL);
  const attributes = {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
  };
  return { parent: origin?.traceparent, kind: 'client', name: method, attributes } as const;
}

async function send(
  ctx: SendContext,
  call: SentCall,
  { deadline, requestId, traceparent }: Attempt & { traceparent: string | undefined },
): Promise<Sent> {
  const { method, body, partner } = call;
  const url = new URL(call.target, ctx.config.CORE_URL);
  const path = url.pathname + url.search;
  const until = Math.ceil(method === 'GET' ? Math.max(deadline, ctx.now() + READ_AT_LEAST_MS) : deadline);
  const signal = ctx.deadline(Math.max(0, Math.ceil(deadline - ctx.now())));
  try {
    const headers = {
      ...call.headers,
      'x-request-id': requestId,
      ...(traceparent && { traceparent }),
      [HOP_HEADER]: await signHop(ctx, { method, path, body, partner, requestId, deadline: until }),
    };
    const init = { method, headers, redirect: 'manual', signal, ...(body && { body }) } as const;
    const response = await ctx.fetch(url.href, init);
    const failed = failureOf(response);
    if (!failed) {
      return {
        kind: 'answered',
        answer: { status: response.status, headers: response.headers, body: await response.text() },
      };
    }
    // Unread, it would keep its connection from the next call.
    await response.body?.cancel().catch(() => undefined);
    return failed;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', reason, isThere: false, isRepeatable: !signal.aborted };
  }
}

/** Answers that are no answer: a gateway's, a redirect, or a hop that core does not believe. */
function failureOf({ status, type }: Response): Failed | undefined {
  const failed = (reason: string, isThere: boolean, isRepeatable: boolean): Failed => ({
    kind: 'failed',
    reason,
    status,
    isThere,
    isRepeatable,
  });
  if (type === 'opaqueredirect' || (status >= 300 && status < 400))
    return failed('it answered with a redirect', true, false);
  if (status === 401) return failed('it refused the signature of this edge: HOP_KEY or a clock differs', true, false);
  // A gateway that lost its connection may have a better one; who is overloaded or slow is not helped by another call.
  if (status === 502) return failed('it answered 502', false, true);
  if (status === 503 || status === 504) return failed(`it answered ${status}`, false, false);
  return undefined;
}
