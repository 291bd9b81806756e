import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Question } from './read-answer.ts';
import { CPU, type Running } from './start-program.ts';

const run = promisify(execFile);

/** What is asked, and what it costs. */
export interface Target extends Question, Pick<Running, 'cpuSeconds' | 'name'> {}

/** What came of a run of wrk. */
export interface Run {
  /** Answers a second. */
  readonly perSecond: number;
  /** Of a core, for an answer, us. */
  readonly cpuUs: number;
  /** How much of its processor the server had, 0 to 1: under 0.9 it waited for the client, or others were at work. */
  readonly busy: number;
  /** Of an answer with its head, on average. */
  readonly bytes: number;
}

const CONNECTIONS = 32;

/** Asks the same over and over, on 32 connections, one request at a time on each. Throws when an answer was not a 2xx. */
export async function runWrk(
  target: Target,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<Run> {
  const { url, key } = target;
  const script = join(import.meta.dirname, 'wrk-report.lua');
  const flags = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '-s', script];
  const args = ['-c', CPU.rest, 'wrk', ...flags, '-H', `Authorization: Bearer ${key}`, url];
  const before = await target.cpuSeconds();
  const { stdout } = await run('taskset', args, { signal });
  const cpuSeconds = (await target.cpuSeconds()) - before;
  const line = /^report (.*)$/m.exec(stdout)?.[1];
  if (!line) throw new Error(`wrk said nothing of its run: ${stdout}`);
  const { requests, us, bytes, refused, broken } = JSON.parse(line) as Record<string, number>;
  if (!requests || !us || !bytes || refused || broken) throw new Error(`Of ${target.name}, wrk says ${line}`);
  return {
    perSecond: (requests * 1e6) / us,
    cpuUs: (cpuSeconds * 1e6) / requests,
    busy: (cpuSeconds * 1e6) / us,
    bytes: bytes / requests,
  };
}
