import type { BenchContext } from './bench.ts';

/**
 * Measures each state once in every round, A B A B ..., each round beginning with the next state: a machine that slows
 * down meanwhile, or what one state leaves behind, is not taken for a difference between them.
 */
export async function interleave<Name extends string, Found>(
  { say, signal, rounds: asked }: BenchContext,
  {
    what,
    rounds: usual,
    states,
  }: { what: string; rounds: number; states: Record<Name, (round: number) => Promise<Found>> },
): Promise<Record<Name, Found[]>> {
  const names = Object.keys(states) as Name[];
  const found = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Found[]>;
  const rounds = asked ?? usual;
  for (let round = 0; round < rounds; round += 1) {
    say(`${what}: round ${round + 1} of ${rounds}`);
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      signal.throwIfAborted();
      found[name].push(await states[name](round));
    }
  }
  return found;
}
