import { randomBytes } from 'node:crypto';
import { runCommand } from '#platform/lifecycle/service.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { findRegions } from './find-regions.ts';
import { parseCommand } from './partners-command/parse-command.ts';
import { runVerb } from './partners-command/run-verb.ts';
import { createTerminal } from './terminal.ts';

// Partners' limits, shares and keys: core's operator API as a command, in every region alike. Of a running npm start, or of
// the core at CORE_URL with OPERATOR_TOKEN. Ends with 1 when refused, or when the regions are not alike.

const ANSWER_SECONDS = 10;

function deadline(): AbortSignal {
  const late = new AbortController();
  const sentence = `No answer within ${ANSWER_SECONDS} s`;
  setTimeout(() => late.abort(new Error(sentence)), ANSWER_SECONDS * 1_000).unref();
  return late.signal;
}

await runCommand('partners', async () => {
  const command = parseCommand(process.argv.slice(2));
  const regions = await findRegions(command.region);
  const ctx = { ...createTerminal(), ...regions, now: () => new Date(), wait, randomBytes, deadline };
  process.exitCode = await runVerb(ctx, command);
});
