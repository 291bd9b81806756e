import type { Service } from '#platform/lifecycle/service.ts';

/** A command as Redis takes it: its name and its arguments. */
export type Command = readonly [name: string, ...args: string[]];

/** What Redis answers; bytes where the backend has them, for a value need not be UTF-8. */
export type Reply = null | number | string | Buffer | Error | readonly Reply[];

export type Outcome = { readonly result: Reply } | { readonly error: string };

/** The Redis behind the REST API. `done` rejects when it is gone for good. */
export interface Backend extends Service {
  /** For people: `redis-server 7.0.15`. */
  readonly name: string;
  /** In order, each with its own outcome; commands of other calls may come between. Rejects with AwayError. */
  pipeline(commands: readonly Command[]): Promise<Outcome[]>;
  /** With nothing of other calls between, or one error and nothing done. Rejects with AwayError. */
  transaction(commands: readonly Command[]): Promise<Outcome[] | { readonly error: string }>;
}

/** Redis did not answer: what was sent may have been done or not. */
export class AwayError extends Error {
  override name = 'AwayError';
}
