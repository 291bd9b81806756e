import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Archive, acceptedIn, judge, Report } from './report.ts';
import type { Target } from './targets.ts';
import { writeConfig } from './write-config.ts';

export interface AttackContext {
  /** Path of `st`. */
  readonly program: string;
  readonly seed: number;
  readonly say: (message: string) => void;
  readonly signal: AbortSignal;
}

/** What an attack came to. */
export interface Outcome {
  readonly target: Target;
  readonly calls: number;
  readonly accepted: number;
  /** Those that ran. */
  readonly phases: readonly string[];
  readonly faults: readonly string[];
  /** What schemathesis printed of its failures, each with a curl that repeats it. */
  readonly details: string;
}

/** In less than this a busy machine may not even have thought of a first request: then a few of each kind are sent, in whatever time. */
const ENOUGH_SECONDS = 20;
const FEW = 10;
const PHASES = ['examples', 'coverage', 'fuzzing', 'stateful'];

/** Has schemathesis attack an API for so many seconds, in all phases, by the checks of `schemathesis.toml`. */
export async function attack(ctx: AttackContext, target: Target, seconds: number): Promise<Outcome> {
  const room = resolve('.local/fuzz', `${target.api}-${target.caller}`);
  await rm(room, { recursive: true, force: true });
  await mkdir(room, { recursive: true });
  await writeConfig(join(room, 'schemathesis.toml'), target);
  const out = await run(ctx, { args: argumentsOf(ctx, { target, seconds, room }), room });
  await writeFile(join(room, 'output.txt'), out);
  const read = async (name: string): Promise<unknown> => {
    const text = await readFile(join(room, name), 'utf8').catch(() => {
      throw new Error(`schemathesis wrote no ${name}; its last words: ${out.trim().split('\n').slice(-12).join('\n')}`);
    });
    return JSON.parse(text);
  };
  const report = Report.parse(await read('report.json'));
  const calls = Archive.parse(await read('calls.har')).log.entries.map(({ request, response }) => ({
    ...request,
    ...response,
  }));
  const phases = Object.entries(report.phases ?? {});
  return {
    target,
    calls: calls.length,
    accepted: acceptedIn(calls),
    phases: phases.filter(([, { status }]) => status !== 'skip').map(([name]) => name),
    faults: judge(report, calls, target),
    details: /={5,} (?:FAILURES|ERRORS) ={5,}\n([\s\S]*?)\n={5,} SUMMARY/.exec(out)?.[1] ?? '',
  };
}

function argumentsOf(ctx: AttackContext, { target, seconds, room }: { target: Target; seconds: number; room: string }) {
  const { url, document, key, perSecond, leastSeconds = 0 } = target;
  const budget = Math.round(Math.max(leastSeconds, seconds));
  const amount = budget < ENOUGH_SECONDS ? ['--max-examples', String(FEW)] : ['--max-time', String(budget)];
  return [
    ['--config-file', join(room, 'schemathesis.toml'), 'run', url + document, '--url', url],
    ['--phases', PHASES.join(','), '--seed', String(ctx.seed), ...amount],
    ['--checks', 'all', '--continue-on-failure', '--report', 'json,har'],
    ['--report-json-path', join(room, 'report.json'), '--report-har-path', join(room, 'calls.har')],
    key === undefined ? [] : ['--header', `Authorization: Bearer ${key}`],
    perSecond === undefined ? [] : ['--rate-limit', `${perSecond}/s`],
  ].flat();
}

/** All that it printed; the phases as they end are told at once. */
async function run(ctx: AttackContext, { args, room }: { args: string[]; room: string }): Promise<string> {
  const child = spawn(ctx.program, args, { cwd: room, stdio: ['ignore', 'pipe', 'pipe'], signal: ctx.signal });
  const ended = once(child, 'close');
  const lines: string[] = [];
  const read = async (stream: typeof child.stdout) => {
    for await (const line of createInterface({ input: stream })) {
      lines.push(line);
      const phase = /(Examples|Coverage|Fuzzing|Stateful) \(in ([\d.]+ ?s)\)/.exec(line);
      if (phase) ctx.say(`  ${phase[1]?.toLowerCase()} ${phase[2]}`);
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr), ended]);
  return `${lines.join('\n')}\n`;
}
