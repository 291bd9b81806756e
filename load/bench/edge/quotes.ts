import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { anyQuery } from '../rating/any-query.ts';
import { seeded } from '../seeded.ts';

const SEED = 7_204;
const OFFERS = 5;
const chance = { random: seeded(SEED), today: moscowDate(new Date()) };

/** Path and query of a quote of osago: hardly two are the same. */
export const anyTarget = (): string => `/v1/quotes/osago?${anyQuery('osago', chance)}`;

/** The same, of a risk that all five insurers take. */
export async function targetOfAll(ask: (target: string) => Promise<Response>): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const target = anyTarget();
    const { offers } = (await (await ask(target)).json()) as { offers?: unknown[] };
    if (offers?.length === OFFERS) return target;
  }
  throw new Error(`No risk of a hundred is taken by all ${OFFERS} insurers`);
}
