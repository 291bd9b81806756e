import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { absurdPrices } from './absurd-prices.ts';
import type { Fault } from './faults.ts';
import { renameFields } from './rename-fields.ts';
import { repeatReply } from './repeat-reply.ts';
import { answerFrom, type StagedInsurer } from './staged-insurer.ts';

/** All that a fault may touch. */
export interface FaultContext {
  readonly wait: Wait;
  /** The connections whose answers a fault has in hand: to stop, destroy them, for some would never end. */
  readonly held: Set<Socket>;
}

/** Without a real connection the bindings are absent, and with them the faults of connections. */
type FaultEnv = { Bindings: Partial<HttpBindings> };

/** Far over what any caller may hold. */
const HUGE_BYTES = 100_000_000;

/** Answers a request as an insurer with this fault does; `reset` and `truncated` need a real connection. */
export async function applyFault(
  ctx: FaultContext,
  { c, insurer, fault }: { c: Context<FaultEnv>; insurer: StagedInsurer; fault: Fault },
): Promise<Response> {
  hold(ctx, c);
  const { signal } = c.req.raw;
  switch (fault.fault) {
    case 'slow':
      await ctx.wait(fault.delayMs, signal);
      return signal.aborted ? RESPONSE_ALREADY_SENT : insurer.answer(c);
    case 'hang':
      if (!signal.aborted) await once(signal, 'abort');
      return RESPONSE_ALREADY_SENT;
    case '500':
      return c.html(page('500 Internal Server Error'), 500);
    case '429':
      return c.html(page('429 Too Many Requests'), 429, { 'retry-after': String(fault.retryAfterSeconds) });
    case 'reset':
      connectionOf(c).incoming.socket.resetAndDestroy();
      return RESPONSE_ALREADY_SENT;
    case 'truncated':
      return truncate(connectionOf(c), await insurer.answer(c));
    case 'huge':
      return inflate(await insurer.answer(c));
    case 'wrong-schema':
      return rename(await insurer.answer(c));
    case 'absurd-price':
      return answerFrom(insurer.simulator, absurdPrices(insurer.book))(c);
    case 'wrong-content-type':
      return c.html(page('Ведутся технические работы'));
  }
}

/** Until its response is over, whatever becomes of it. */
function hold({ held }: FaultContext, { env }: Context<FaultEnv>): void {
  const { incoming, outgoing } = env ?? {};
  if (!incoming || !outgoing) return;
  const { socket } = incoming;
  held.add(socket);
  outgoing.once('close', () => held.delete(socket));
}

function connectionOf({ env }: Context<FaultEnv>): HttpBindings {
  const { incoming, outgoing } = env ?? {};
  if (!incoming || !outgoing) throw new Error('Cannot break a connection: there is none');
  return { incoming, outgoing };
}

/** Announces the whole length, sends a half, and leaves. */
async function truncate({ outgoing }: HttpBindings, whole: Response): Promise<Response> {
  const body = new Uint8Array(await whole.arrayBuffer());
  outgoing.writeHead(whole.status, { ...Object.fromEntries(whole.headers), 'content-length': body.byteLength });
  outgoing.write(body.subarray(0, Math.ceil(body.byteLength / 2)), () => outgoing.destroy());
  return RESPONSE_ALREADY_SENT;
}

async function inflate(right: Response): Promise<Response> {
  const chunks = repeatReply(await right.text(), HUGE_BYTES);
  // Pulled one by one as the caller reads, and dropped when it leaves.
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const { value } = chunks.next();
        if (value === undefined) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, { status: right.status, headers: typeOf(right) });
}

async function rename(right: Response): Promise<Response> {
  return new Response(renameFields(await right.text()), { status: right.status, headers: typeOf(right) });
}

const typeOf = ({ headers }: Response) => ({ 'content-type': headers.get('content-type') ?? 'application/json' });

/** As web servers in front of an insurer print them. */
const page = (title: string) =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
