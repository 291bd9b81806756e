import { userInfo } from 'node:os';
import { runCommand } from '#platform/lifecycle/service.ts';
import { findService, type OperatorApi } from './find-service.ts';
import type { SettleContext } from './settle-command/context.ts';
import type { Command } from './settle-command/forms.ts';
import { parseCommand } from './settle-command/parse-command.ts';
import { runVerb } from './settle-command/run-verb.ts';
import { createTerminal } from './terminal.ts';

// Registers, reconciliation and dead letters: settlement's operator API as a command. Of a running npm start, or of the
// settlement at SETTLEMENT_URL with OPERATOR_TOKEN. Ends with 1 when refused, or when there is something to look at.

/** The OS user, if it has a name: in a container it may have none. */
function userName(): string | undefined {
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined;
  }
}

function createContext(settlement: OperatorApi, command: Command): SettleContext {
  const terminal = createTerminal();
  const { isTTY } = process.stdout;
  const quiet = isTTY && command.form === 'register' && (command.all || (command.csv && !command.out));
  // Lines that stream over the same terminal are progress enough.
  const startProgress = quiet ? () => ({ [Symbol.dispose]() {} }) : terminal.startProgress;
  return { ...terminal, settlement, startProgress };
}

await runCommand('settle', async () => {
  const command = parseCommand(process.argv.slice(2), { user: userName() });
  const settlement = await findService('settlement', command.region);
  process.exitCode = await runVerb(createContext(settlement, command), command);
});
