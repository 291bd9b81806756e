import { DeadLetterReplayed, Dismissed } from '#contracts/dead-letter.ts';
import { call, Refusal } from '../operator-call.ts';
import { printLines } from '../print-lines.ts';
import { whyNot } from '../sentences-of.ts';
import type { ExitCode } from '../terminal.ts';
import type { SettleContext } from './context.ts';
import { type Replayed, replayedLines } from './dead-letter-lines.ts';
import type { Asked } from './forms.ts';
import { pagesOf } from './list-dead-letters.ts';

/** Replays a dead letter, and with it those behind; 1 when one of them is not booked. */
export async function replayDeadLetter(ctx: SettleContext, asked: Asked<'replay'>): Promise<ExitCode> {
  const replayed = await replay(ctx, asked);
  await printLines(ctx.stdout, replayedLines(replayed));
  return exitCodeOf(replayed);
}

/** Replays all that are parked, oldest first; one that was taken behind another is not sent again. 1 when one is not booked. */
export async function replayAllDeadLetters(ctx: SettleContext, asked: Asked<'replay --all'>): Promise<ExitCode> {
  const ids: string[] = [];
  for await (const letters of pagesOf(ctx, { status: 'parked' })) ids.push(...letters.map(({ id }) => id));
  const done = new Map<string, Replayed>();
  try {
    using _ = ctx.startProgress(() => `replayed ${done.size} of ${ids.length} ...`);
    for (const id of ids) {
      if (done.has(id)) continue;
      for (const one of await tryToReplay(ctx, { ...asked, id })) done.set(one.id, one);
    }
  } finally {
    // What was done is said even when something breaks half way.
    const replayed = [...done.values()];
    const lines = replayedLines(replayed, replayed.filter(isLeft));
    await printLines(ctx.stdout, ids.length === 0 ? ['No dead letter is parked.'] : lines);
  }
  return exitCodeOf([...done.values()]);
}

/** Dismisses a dead letter: it will never be booked. */
export async function dismissDeadLetter(
  { settlement, signal, stdout }: SettleContext,
  { id, by, reason }: Asked<'dismiss'>,
): Promise<ExitCode> {
  const body = { by, reason };
  await call(settlement, { path: `/v1/dead-letters/${id}/dismiss`, body, schema: Dismissed, signal });
  await printLines(stdout, [`Dead letter ${id} is dismissed: it will not be booked.`]);
  return 0;
}

async function replay({ settlement, signal }: SettleContext, { id, by, reason }: Asked<'replay'>): Promise<Replayed[]> {
  const body = { by, reason };
  const path = `/v1/dead-letters/${id}/replay`;
  const { behind, ...first } = await call(settlement, { path, body, schema: DeadLetterReplayed, signal });
  return [first, ...behind];
}

/** Somebody else may have taken it since it was listed: that is no reason to leave the rest. */
async function tryToReplay(ctx: SettleContext, asked: Asked<'replay'>): Promise<Replayed[]> {
  try {
    return await replay(ctx, asked);
  } catch (error) {
    if (!(error instanceof Refusal && [404, 409].includes(error.status))) throw error;
    return [{ id: asked.id, outcome: 'failed', detail: whyNot(error) }];
  }
}

const isLeft = ({ outcome }: Replayed) => outcome === 'refused' || outcome === 'failed';

const exitCodeOf = (replayed: readonly Replayed[]): ExitCode => (replayed.some(isLeft) ? 1 : 0);
