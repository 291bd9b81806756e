import { choose } from './choose.ts';

/** What `npm run bench` is asked for. */
export interface Options<Name extends string> {
  /** In the order in which they are measured; none when only README is asked for. */
  readonly names: readonly Name[];
  readonly rounds?: number;
  /** Whether README's table is written afterwards. */
  readonly readme: boolean;
}

const MOST_ROUNDS = 100;

/** Reads names, `--rounds 1` and `--readme`. Throws a sentence naming what is wrong and what is allowed. */
export function parseOptions<Name extends string>(args: readonly string[], known: readonly Name[]): Options<Name> {
  const named: string[] = [];
  let rounds: number | undefined;
  let readme = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--readme') readme = true;
    else if (arg === '--rounds') rounds = parseRounds(args[++at]);
    else if (arg.startsWith('-')) throw new Error(`There is no option ${arg}: there are --rounds and --readme`);
    else named.push(arg);
  }
  const names = readme && named.length === 0 && rounds === undefined ? [] : choose(named, known);
  return { names, readme, ...(rounds !== undefined && { rounds }) };
}

function parseRounds(text = ''): number {
  const rounds = Number(text);
  if (!/^\d+$/.test(text) || rounds < 1 || rounds > MOST_ROUNDS) {
    throw new Error(`--rounds is a whole number from 1 to ${MOST_ROUNDS}, not "${text}"`);
  }
  return rounds;
}
