import type { EdgeContext } from '../context.ts';
import { pathOf } from '../path-of.ts';
import { canonicalQuery } from './canonical-query.ts';
import { type Lifetime, meaningLifetime, type State, stateOf } from './freshness.ts';
import { isoOfDay, moscowDay } from './moscow-day.ts';
import { createRecent } from './recent.ts';

/** One way to ask for something: path and canonical query, which core is sent. */
export interface Spelling {
  readonly target: string;
  /** As `moscowDay` counts. */
  readonly day: number;
  /** Region and day, the beginning of every key. */
  readonly scope: string;
  /** Where its answer is kept: under its own text, until core has told what it means. */
  key: string;
  /** How long that is believed; undefined while core has told nothing. */
  believed: Lifetime | undefined;
}

/** What core said that a spelling means. */
export interface Meaning {
  /** The canonical risk, in one order and form: one text for one risk. */
  readonly risk: string;
  /** Path and query of the same quote that say nothing that their absence stands for; in any order. */
  readonly shortest?: string | undefined;
}

export interface Spellings {
  /** `asked` is path and query as they came. */
  of(asked: string): Spelling;
  /** The same, if it was asked today in these very words. */
  recall(asked: string): Spelling | undefined;
  /** From now on its answer is kept under the risk that core read, as that of the shortest spelling is; `undefined` for none. */
  tell(spelling: Spelling, told: (Meaning & { fetchedAt: number }) | undefined): void;
  /** Whether a known spelling says the same: then this one is believed as long as that. */
  deduce(spelling: Spelling): boolean;
}

/** What is longer is read each time it is asked for: no good query is. */
const LONGEST_KEPT = 2_048;
const KEPT_BYTES = 8 * 1024 * 1024;
/** A spelling and its texts, besides the key that it is found by; measured. */
const SPELLING_BYTES = 750;

/** Under its own text: nothing is known of what a spelling means. */
export const ownKey = ({ scope, target }: Spelling): string => scope + target;

/** How far core's word on what a spelling means is believed; `fresh` where it has none. */
export const beliefIn = ({ believed }: Spelling, now: number): State => (believed ? stateOf(believed, now) : 'fresh');

/** What its answer is to be asked for under now. */
export const keyFor = (spelling: Spelling, now: number): string =>
  beliefIn(spelling, now) === 'expired' ? ownKey(spelling) : spelling.key;

/**
 * Spellings as they come, and which of them core reads as one risk. The edge knows none of core's rules: a new spelling
 * costs core one call, whose answer tells its risk; a parameter more or less of those that have a default does not even cost
 * that. All of it is of one region and of one day, Moscow's: the default start of a policy and the edition of an official
 * table turn at its midnight.
 */
export function createSpellings(ctx: Pick<EdgeContext, 'config' | 'now'>): Spellings {
  const known = createRecent<Spelling>({ maxBytes: KEPT_BYTES, entryBytes: SPELLING_BYTES });
  /** By path: what the absence of a parameter stood for, last. No more than a hint at which spelling to look for. */
  const defaults = new Map<string, Map<string, string>>();
  let day = Number.NaN;
  let scope = '';

  const turnDay = () => {
    const today = moscowDay(ctx.now());
    if (today === day) return;
    day = today;
    scope = `${ctx.config.REGION} ${isoOfDay(today)} `;
    known.clear();
    defaults.clear();
  };
  const keep = (text: string, spelling: Spelling) => {
    if (text.length <= LONGEST_KEPT) known.set(text, spelling);
  };
  const spelled = (pathname: string, query: URLSearchParams): Spelling => {
    const text = canonicalQuery(query);
    const target = text ? `${pathname}?${text}` : pathname;
    const spelling = known.get(target) ?? { target, day, scope, key: scope + target, believed: undefined };
    keep(target, spelling);
    return spelling;
  };

  return {
    of(asked) {
      turnDay();
      const seen = known.get(asked);
      if (seen) return seen;
      const { pathname, searchParams } = new URL(asked, 'http://edge');
      const spelling = spelled(pathname, searchParams);
      keep(asked, spelling);
      return spelling;
    },

    recall(asked) {
      turnDay();
      return known.get(asked);
    },

    tell(spelling, told) {
      if (!told) {
        spelling.key = ownKey(spelling);
        spelling.believed = undefined;
        return;
      }
      const { risk, shortest, fetchedAt } = told;
      const path = pathOf(spelling.target);
      spelling.key = `${spelling.scope}${path} ${risk}`;
      spelling.believed = meaningLifetime(fetchedAt);
      turnDay();
      if (shortest === undefined || pathOf(shortest) !== path || spelling.scope !== scope) return;
      const { searchParams } = new URL(shortest, 'http://edge');
      const least = spelled(path, searchParams);
      least.key = spelling.key;
      least.believed = spelling.believed;
      const absent = defaults.get(path) ?? new Map<string, string>();
      for (const [name, value] of textsOf(risk)) if (!searchParams.has(name)) absent.set(name, value);
      defaults.set(path, absent);
    },

    deduce(spelling) {
      if (spelling.believed && beliefIn(spelling, ctx.now()) !== 'expired') return false;
      const [path = '', text] = spelling.target.split('?');
      const rest = new URLSearchParams(text);
      const said = [...(defaults.get(path) ?? [])].filter(([name, value]) => {
        const given = rest.getAll(name);
        return given.length === 1 && given[0] === value;
      });
      for (const [name] of said) rest.delete(name);
      const other = said.length > 0 ? known.get(`${path}?${rest}`) : undefined;
      if (!other?.believed || other.scope !== spelling.scope) return false;
      // To say what a risk has anyway changes nothing: core holds to that, and its own word on this very risk is looked at.
      const risk = textsOf(other.key.slice(other.scope.length + path.length + 1));
      if (!said.every(([name, value]) => risk.get(name) === value)) return false;
      spelling.key = other.key;
      spelling.believed = other.believed;
      return true;
    },
  };
}

/** The fields of a risk that a query has as they are: not the lists. */
function textsOf(risk: string): Map<string, string> {
  const fields = Object.entries(JSON.parse(risk) as Record<string, unknown>);
  const plain = fields.filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  return new Map(plain.map(([name, value]) => [name, String(value)]));
}
