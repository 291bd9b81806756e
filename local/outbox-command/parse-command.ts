import { parseArgs } from 'node:util';
import { ReplayRequest } from '#contracts/outbox.ts';
import { ConfigError } from '#platform/config/parse-env.ts';

/** What `npm run outbox -- ...` was asked for. Absent region: the first that runs here. */
export type Command = { readonly region?: string } & (
  | { readonly verb: 'status' }
  | { readonly verb: 'replay'; readonly request: ReplayRequest }
);

const USAGE = `allowed are
  npm run outbox -- status [--region msk]
  npm run outbox -- replay --from beginning|<instant>|<event id> [--partition 3]... [--reason text] [--region msk]`;

/** Reads the arguments. Throws ConfigError with a sentence that names the wrong one and what is allowed. */
export function parseCommand(args: readonly string[]): Command {
  const { verb, region, from, partition, reason = 'by hand' } = readArguments(args);
  const where = region === undefined ? {} : { region };
  if (verb === 'status' && from === undefined) return { verb, ...where };
  if (verb !== 'replay') throw new ConfigError(`"${verb ?? ''}" is not a command: ${USAGE}`);
  if (from === undefined) throw new ConfigError(`--from is missing: ${USAGE}`);
  const partitions = partition?.map((text) => (/^\d{1,5}$/.test(text) ? Number(text) : text));
  const request = ReplayRequest.safeParse({ from, reason, ...(partitions && { partitions }) });
  if (!request.success) {
    const said = request.error.issues.map(({ path, message }) => `--${FLAGS[String(path[0])]}: ${message}`);
    throw new ConfigError(`${said.join('; ')}.`);
  }
  return { verb, request: request.data, ...where };
}

const FLAGS: Readonly<Record<string, string>> = { from: 'from', partitions: 'partition', reason: 'reason' };

function readArguments(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const options = { from: string, reason: string, region: string, partition: { ...string, multiple: true } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { ...values, verb: positionals.length === 1 ? positionals[0] : positionals.join(' ') };
  } catch (error) {
    throw new ConfigError(`${(error as Error).message.split('.')[0]}: ${USAGE}`);
  }
}
