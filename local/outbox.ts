import { OutboxStatus, ReplayAnswer } from '#contracts/outbox.ts';
import { Problem } from '#contracts/problem.ts';
import { runCommand } from '#platform/lifecycle/service.ts';
import { replayLines, statusLines } from './outbox-command/outbox-lines.ts';
import { parseCommand } from './outbox-command/parse-command.ts';
import { readDemo } from './read-demo.ts';

// How far a region's policies are sent, and sending them again: core's operator API as a command. Of a running npm start,
// or of the core at CORE_URL with OPERATOR_TOKEN.

interface Core {
  readonly url: string;
  readonly token: string;
}

async function findCore(region: string | undefined): Promise<Core> {
  const { CORE_URL: url, OPERATOR_TOKEN: token } = process.env;
  if (url && token) return { url, token };
  const { regions, keys } = await readDemo();
  const found = region === undefined ? regions[0] : regions.find(({ name }) => name === region);
  if (!found) throw new Error(`No region ${region} runs here: ${regions.map(({ name }) => name).join(', ')} do`);
  return { url: found.core, token: keys.operator };
}

async function call({ url, token }: Core, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
  const answer = await fetch(new URL(path, url), init).catch((error: Error) => {
    throw new Error(`Nothing answers at ${url}`, { cause: error.cause });
  });
  const said: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return said;
  const problem = Problem.safeParse(said);
  throw new Error(problem.success ? problem.data.detail : `${url} answered ${answer.status}`);
}

await runCommand('outbox', async () => {
  const command = parseCommand(process.argv.slice(2));
  const core = await findCore(command.region);
  const lines =
    command.verb === 'status'
      ? statusLines(OutboxStatus.parse(await call(core, '/v1/outbox')))
      : replayLines(ReplayAnswer.parse(await call(core, '/v1/outbox/replay', command.request)));
  process.stdout.write(`${lines.join('\n')}\n`);
});
