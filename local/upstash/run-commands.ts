import type { Backend, Command, Outcome } from './backend.ts';
import { refusalOf } from './blocked-commands.ts';

/** Runs what may be run, in order; what may not has its refusal for an outcome and holds up nothing. */
export async function runPipeline(backend: Backend, commands: readonly Command[]): Promise<Outcome[]> {
  const refusals = commands.map(refusalOf);
  const outcomes = await backend.pipeline(commands.filter((_, at) => refusals[at] === undefined));
  const next = outcomes.values();
  return refusals.map((error) => (error === undefined ? (next.next().value as Outcome) : { error }));
}

/** All or none: one command that may not be run discards the rest before anything is done. */
export async function runTransaction(
  backend: Backend,
  commands: readonly Command[],
): Promise<Outcome[] | { readonly error: string }> {
  const refusal = commands.map(refusalOf).find((error) => error !== undefined);
  if (refusal) return { error: `EXECABORT Transaction discarded because of: ${refusal}` };
  return backend.transaction(commands);
}
