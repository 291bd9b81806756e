import type { EdgeContext } from '../context.ts';
import { CoreUnavailable, failed } from './call-core.ts';
import { NEEDS } from './hop.ts';
import { type SentCall, sendCall } from './send-call.ts';

const PROBE: SentCall = { method: 'GET', target: '/healthz/gslb' };
const TIMEOUT_MS = 1_000;

type ProbeContext = Pick<EdgeContext, 'config' | 'now' | 'fetch' | 'deadline' | 'log' | 'observe' | 'hop'>;

/**
 * Rejects unless core can commit a policy now and is not drained. Waits for nobody and asks no circuit, which its answer
 * could not be true to; but a core that can commit can do everything else, so its good answer closes both.
 */
export async function probeCore(ctx: ProbeContext): Promise<void> {
  const requestId = crypto.randomUUID();
  const sent = await sendCall(ctx, PROBE, { deadline: ctx.now() + TIMEOUT_MS, requestId });
  // Its own word: that it cannot commit it logs itself, and drained it serves all that comes. It is no call that failed.
  if (sent.kind === 'failed' && sent.status === 503) throw new CoreUnavailable(sent.reason);
  if (sent.kind === 'failed') throw failed(ctx, PROBE, { ...sent, requestId });
  if (sent.answer.status !== 200) throw new CoreUnavailable(`core answered ${sent.answer.status}`);
  for (const need of NEEDS) ctx.hop.circuits[need].close();
}
