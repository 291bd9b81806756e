import { userInfo } from 'node:os';
import { runCommand } from '#platform/lifecycle/service.ts';
import { findService, type OperatorApi } from './find-service.ts';
import type { SettleContext } from './settle-command/context.ts';
import type { Command } from './settle-command/forms.ts';
import { parseCommand } from './settle-command/parse-command.ts';
import { createProgress } from './settle-command/progress.ts';
import { runVerb } from './settle-command/run-verb.ts';

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
  const { stdout, stderr } = process;
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => stopped.abort(new Error(`stopped by ${signal}`)));
  // Whoever reads has enough, as with head: no fault, and nothing more to do.
  stdout.on('error', () => process.exit(1));
  const every = (ms: number, tick: () => void) => {
    const timer = setInterval(tick, ms);
    return () => clearInterval(timer);
  };
  const write = (text: string) => void stderr.write(text);
  const quiet = stdout.isTTY && command.form === 'register' && (command.all || (command.csv && !command.out));
  const startProgress = createProgress({ inPlace: stderr.isTTY, write, every });
  return {
    settlement,
    signal: stopped.signal,
    stdout,
    note: (sentence) => write(`${sentence}\n`),
    // Lines that stream over the same terminal are progress enough.
    startProgress: quiet ? () => ({ [Symbol.dispose]() {} }) : startProgress,
  };
}

await runCommand('settle', async () => {
  const command = parseCommand(process.argv.slice(2), { user: userName() });
  const settlement = await findService('settlement', command.region);
  process.exitCode = await runVerb(createContext(settlement, command), command);
});
