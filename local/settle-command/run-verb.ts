import { Refusal } from '../operator-call.ts';
import { sentencesOf } from '../sentences-of.ts';
import type { ExitCode } from '../terminal.ts';
import { closeAllRegisters, closeRegister } from './close-register.ts';
import type { SettleContext } from './context.ts';
import type { Command } from './forms.ts';
import { listAccounts } from './list-accounts.ts';
import { listDeadLetters, showDeadLetter } from './list-dead-letters.ts';
import { reconcile } from './reconcile.ts';
import { dismissDeadLetter, replayAllDeadLetters, replayDeadLetter } from './replay-dead-letters.ts';
import { saveRegister } from './save-register.ts';
import { showRegister } from './show-register.ts';

/** Does what was asked for. A refusal is thrown with all its sentences, a line each. */
export async function runVerb(ctx: SettleContext, command: Command): Promise<ExitCode> {
  try {
    return await choose(ctx, command);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(sentencesOf(error).join('\n  '), { status: error.status });
  }
}

function choose(ctx: SettleContext, command: Command): Promise<ExitCode> {
  switch (command.form) {
    case 'register':
      return command.csv ? saveRegister(ctx, command) : showRegister(ctx, command);
    case 'close':
      return closeRegister(ctx, command);
    case 'close --all':
      return closeAllRegisters(ctx, command);
    case 'reconcile':
      return reconcile(ctx, command);
    case 'dead-letters':
      return listDeadLetters(ctx, command);
    case 'dead-letter':
      return showDeadLetter(ctx, command);
    case 'replay':
      return replayDeadLetter(ctx, command);
    case 'replay --all':
      return replayAllDeadLetters(ctx, command);
    case 'dismiss':
      return dismissDeadLetter(ctx, command);
    case 'accounts':
      return listAccounts(ctx);
  }
}
