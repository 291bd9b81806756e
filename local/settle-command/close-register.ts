import { Accounts, ClosedRegister } from '#contracts/register.ts';
import { call, Refusal } from '../operator-call.ts';
import { printLines } from '../print-lines.ts';
import { whyNot } from '../sentences-of.ts';
import type { ExitCode } from '../terminal.ts';
import { type Closing, closedLines, closingLines } from './closed-lines.ts';
import type { SettleContext } from './context.ts';
import type { Asked } from './forms.ts';

/** Closes an insurer's register of a month. */
export async function closeRegister(ctx: SettleContext, asked: Asked<'close'>): Promise<ExitCode> {
  await printLines(ctx.stdout, closedLines(await close(ctx, asked)));
  return 0;
}

/** Closes the registers of all insurers that ever had an operation, one after the other; a refusal does not keep the rest open. */
export async function closeAllRegisters(ctx: SettleContext, asked: Asked<'close --all'>): Promise<ExitCode> {
  const { settlement, signal, stdout } = ctx;
  const { accounts } = await call(settlement, { path: '/v1/ledger/accounts', schema: Accounts, signal });
  const insurers = accounts.flatMap(({ id }) => /^insurer:(.+):payable$/.exec(id)?.[1] ?? []);
  const closings: Closing[] = [];
  try {
    for (const insurer of insurers) closings.push(await tryToClose(ctx, { ...asked, insurer, force: false }));
  } finally {
    // What was done is said even when something breaks half way.
    await printLines(stdout, insurers.length === 0 ? ['No insurer had an operation yet.'] : closingLines(closings));
  }
  return closings.some((closing) => 'refused' in closing) ? 1 : 0;
}

async function tryToClose(ctx: SettleContext, asked: Asked<'close'>): Promise<Closing> {
  const { insurer } = asked;
  try {
    return { insurer, closed: await close(ctx, asked) };
  } catch (error) {
    if (!(error instanceof Refusal && [404, 409].includes(error.status))) throw error;
    return { insurer, refused: whyNot(error) };
  }
}

async function close(
  { settlement, signal, startProgress }: SettleContext,
  { insurer, period, force, reason, by }: Asked<'close'>,
): Promise<ClosedRegister> {
  const body = { force, reason, by };
  const startedAt = performance.now();
  using _ = startProgress(
    () => `closing ${insurer} ${period} ... ${Math.round((performance.now() - startedAt) / 1_000)} s`,
  );
  const path = `/v1/registers/${insurer}/${period}/close`;
  return await call(settlement, { path, body, schema: ClosedRegister, signal });
}
