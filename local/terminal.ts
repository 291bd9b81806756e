import type { Writable } from 'node:stream';
import { createProgress, type Progress } from './progress.ts';

/** Where a command runs: what it prints to, and whether it shall go on. */
export interface Terminal {
  /** Aborts when the command is interrupted. */
  readonly signal: AbortSignal;
  readonly stdout: Writable;
  /** One sentence beside what is printed. */
  readonly note: (sentence: string) => void;
  readonly startProgress: Progress;
}

/** What a command ends with: 1 when it was refused, or found what an operator must look at. */
export type ExitCode = 0 | 1;

/** This process's terminal. */
export function createTerminal(): Terminal {
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
  return {
    signal: stopped.signal,
    stdout,
    note: (sentence) => write(`${sentence}\n`),
    startProgress: createProgress({ inPlace: stderr.isTTY, write, every }),
  };
}
