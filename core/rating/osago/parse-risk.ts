import type { FieldError } from '#contracts/problem.ts';
import type { OsagoRisk } from '#contracts/quote.ts';
import { PARAMETER_NAMES, PARAMETERS, type Parameter } from './parameters.ts';
import { territoryFactor } from './territory.ts';

/** Parameters as they came, values in order. */
export type OsagoQuery = URLSearchParams | Readonly<Record<string, readonly string[]>>;

export type ParsedOsagoRisk = { ok: true; risk: OsagoRisk } | { ok: false; errors: FieldError[] };

/** So that a long query of rubbish does not get a far longer answer. */
const MOST_UNKNOWN_NAMED = 10;
const LONGEST_NAME = 60;

/**
 * The canonical risk of a query: every parameter present, place names in the table's spelling, drivers sorted. Or all
 * that is wrong with it, one entry a field. `today` is the date in Moscow.
 */
export function parseOsagoRisk(query: OsagoQuery, { today }: { today: string }): ParsedOsagoRisk {
  const texts = textsByName(query);
  const errors = unknownParameters(texts);
  const draft: Partial<OsagoRisk> = {};
  for (const name of PARAMETER_NAMES) {
    const error = readInto(draft, name, { texts: texts.get(name), today });
    if (error !== undefined) errors.push({ field: name, message: error });
  }
  if (errors.length > 0) return { ok: false, errors };
  // PARAMETERS has every key of the risk by its type, and each was read without error.
  return inForce(draft as OsagoRisk);
}

function textsByName(query: OsagoQuery): Map<string, readonly string[]> {
  if (!(query instanceof URLSearchParams)) return new Map(Object.entries(query));
  return new Map([...query.keys()].map((name) => [name, query.getAll(name)]));
}

function unknownParameters(texts: ReadonlyMap<string, unknown>): FieldError[] {
  return [...texts.keys()]
    .filter((name) => !Object.hasOwn(PARAMETERS, name))
    .slice(0, MOST_UNKNOWN_NAMED)
    .map((name) => ({
      field: name.slice(0, LONGEST_NAME),
      message: `unknown parameter; allowed are ${PARAMETER_NAMES.join(', ')}`,
    }));
}

/** Reads one parameter into the draft; answers what is wrong, if anything. */
function readInto<K extends keyof OsagoRisk>(
  draft: Partial<OsagoRisk>,
  name: K,
  { texts = [], today }: { texts: readonly string[] | undefined; today: string },
): string | undefined {
  const { read, absent, allowed, needs }: Parameter<OsagoRisk[K]> = PARAMETERS[name];
  const [text, ...repeats] = texts;
  if (repeats.some((repeat) => repeat !== text)) return 'given more than once with different values; give it once';
  // What is wrong with the one it needs has been said already.
  if (needs && draft[needs] === undefined) return undefined;
  const ctx = { today, read: draft };
  const reading = text === undefined ? absent?.(ctx) : read(text, ctx);
  if (!reading) return `is required: ${allowed}`;
  if ('error' in reading) return reading.error;
  draft[name] = reading.value;
  return undefined;
}

function inForce(risk: OsagoRisk): ParsedOsagoRisk {
  if (territoryFactor({ subject: risk.subject, locality: risk.locality, on: risk.startsOn })) return { ok: true, risk };
  const message = `no official coefficient for "${risk.locality}" is in force on ${risk.startsOn}`;
  return { ok: false, errors: [{ field: 'startsOn', message }] };
}
