import { attack, type Outcome } from './attack.ts';
import type { Mutant } from './mutants/mutants.ts';
import type { Stand } from './stand.ts';
import { SHORT } from './storms.ts';

/** Events of a storm, and storms until a mutant counts as not caught. */
const EVENTS = 400;
const MOST_STORMS = 8;

/** Attacks a mutant until it is found guilty of its fault. `outcome.events` counts those of all storms. */
export async function catchMutant(
  stand: Stand,
  { target, charge, weather }: Mutant,
  { seed, signal }: { seed: number; signal: AbortSignal },
): Promise<{ outcome: Outcome; caught: boolean }> {
  let events = 0;
  for (let storm = 0; ; storm += 1) {
    const outcome = await attack(stand, {
      ...SHORT,
      ...weather,
      target,
      seed: seed + storm,
      events: EVENTS,
      signal,
    });
    events += outcome.events;
    const caught = outcome.verdict[charge].length > 0;
    if (caught || storm + 1 === MOST_STORMS) return { outcome: { ...outcome, events }, caught };
  }
}
