import { Accounts } from '#contracts/register.ts';
import { call } from '../operator-call.ts';
import { printLines } from '../print-lines.ts';
import type { ExitCode } from '../terminal.ts';
import { accountLines } from './account-lines.ts';
import type { SettleContext } from './context.ts';

/** The ledger's balances. */
export async function listAccounts({ settlement, signal, stdout }: SettleContext): Promise<ExitCode> {
  const accounts = await call(settlement, { path: '/v1/ledger/accounts', schema: Accounts, signal });
  await printLines(stdout, accountLines(accounts));
  return 0;
}
