import type { Writable } from 'node:stream';
import type { OperatorApi } from '../find-service.ts';
import type { Progress } from './progress.ts';

/** All that a verb may touch. */
export interface SettleContext {
  readonly settlement: OperatorApi;
  /** Aborts when the command is interrupted. */
  readonly signal: AbortSignal;
  readonly stdout: Writable;
  /** One sentence beside what is printed. */
  readonly note: (sentence: string) => void;
  readonly startProgress: Progress;
}

/** What a command ends with: 1 when it was refused, or found what an operator must look at. */
export type ExitCode = 0 | 1;
