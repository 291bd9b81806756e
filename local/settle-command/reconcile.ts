import { Reconciliation } from '#contracts/reconciliation.ts';
import { call } from '../operator-call.ts';
import { printLines } from '../print-lines.ts';
import type { ExitCode } from '../terminal.ts';
import type { SettleContext } from './context.ts';
import type { Asked } from './forms.ts';
import { reconciliationLines } from './reconciliation-lines.ts';

/** Compares core, the ledger and the register of a month; 1 when they differ. */
export async function reconcile(ctx: SettleContext, asked: Asked<'reconcile'>): Promise<ExitCode> {
  const reconciliation = await ask(ctx, asked);
  await printLines(ctx.stdout, reconciliationLines(reconciliation));
  return reconciliation.differences.length === 0 ? 0 : 1;
}

async function ask({ settlement, signal, startProgress }: SettleContext, { period }: Asked<'reconcile'>) {
  using _ = startProgress(() => `reconciling ${period} ...`);
  return await call(settlement, { path: `/v1/reconciliation?period=${period}`, schema: Reconciliation, signal });
}
