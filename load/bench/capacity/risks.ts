import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { anyQuery } from '../rating/any-query.ts';
import { seeded } from '../seeded.ts';

/** A search, and what its answer must be about. */
export interface Risk {
  /** Path and query. */
  readonly target: string;
  readonly powerHp: number;
  readonly startsOn: string;
}

/** Asked for again and again by who does not ask for something new: as many as `npm run load` has. */
const KNOWN = 60;
/** Drawn by lot; times the powers, a million risks of which no two are the same. */
const TEMPLATES = 4_000;
const POWER = { least: 50, most: 300 };
const POWERS = POWER.most - POWER.least + 1;

interface Template {
  readonly before: string;
  readonly after: string;
  readonly startsOn: string;
}

function draw(count: number, seed: number): Template[] {
  const chance = { random: seeded(seed), today: moscowDate(new Date()) };
  /** Of a lorry the power means nothing: two powers would be one risk. */
  const anyCar = () => {
    for (;;) {
      const query = anyQuery('osago', chance);
      if (query.get('category') === 'B') return query;
    }
  };
  return Array.from({ length: count }, () => {
    const query = anyCar();
    const [before = '', after = ''] = `/v1/quotes/osago?${query}`.split(/(?<=powerHp=)\d+/);
    return { before, after, startsOn: query.get('startsOn') ?? '' };
  });
}

const riskOf = ({ before, after, startsOn }: Template, powerHp: number): Risk => ({
  target: before + powerHp + after,
  powerHp,
  startsOn,
});

/** Risks of osago from a seed: new ones that were never asked for, and some that everybody asks for. */
export function createRisks(seed: number) {
  const templates = draw(TEMPLATES, seed);
  const known = draw(KNOWN, seed + 1).map((template, at) => riskOf(template, POWER.least + (at % POWERS)));
  let [fresh, turn] = [0, 0];
  return {
    known,
    anyKnown: (): Risk => known[turn++ % KNOWN] as Risk,
    fresh(): Risk {
      const template = templates[fresh % TEMPLATES] as Template;
      const powerHp = POWER.least + (Math.floor(fresh / TEMPLATES) % POWERS);
      fresh += 1;
      return riskOf(template, powerHp);
    },
  };
}
