import type { FieldError } from '#contracts/problem.ts';
import type { Parameters } from './parameter.ts';

/** Parameters as they came, values in order. */
export type RiskQuery = URLSearchParams | Readonly<Record<string, readonly string[]>>;

export type ParsedRisk<Risk> = { ok: true; risk: Risk } | { ok: false; errors: FieldError[] };

/** So that a long query of rubbish does not get a far longer answer. */
const MOST_UNKNOWN_NAMED = 10;
const LONGEST_NAME = 60;

/**
 * The canonical risk of a query: every parameter that bears on the premium, in one spelling and order. Or all that is
 * wrong with it, one entry a field. `today` is the date in Moscow.
 */
export function parseRisk<Risk extends object>(
  parameters: Parameters<Risk>,
  { query, today }: { query: RiskQuery; today: string },
): ParsedRisk<Risk> {
  const texts = textsByName(query);
  const names = Object.keys(parameters) as (keyof Risk & string)[];
  const errors = unknownParameters(texts, names);
  const draft: Partial<Risk> = {};
  for (const name of names) {
    const error = readInto(draft, name, { parameters, texts: texts.get(name), today });
    if (error !== undefined) errors.push({ field: name, message: error });
  }
  // The parameters have every key of the risk by their type, and each was read without error.
  return errors.length > 0 ? { ok: false, errors } : { ok: true, risk: draft as Risk };
}

function textsByName(query: RiskQuery): Map<string, readonly string[]> {
  if (!(query instanceof URLSearchParams)) return new Map(Object.entries(query));
  return new Map([...query.keys()].map((name) => [name, query.getAll(name)]));
}

function unknownParameters(texts: ReadonlyMap<string, unknown>, names: readonly string[]): FieldError[] {
  return [...texts.keys()]
    .filter((name) => !names.includes(name))
    .slice(0, MOST_UNKNOWN_NAMED)
    .map((name) => ({
      field: name.slice(0, LONGEST_NAME),
      message: `unknown parameter; allowed are ${names.join(', ')}`,
    }));
}

interface Reader<Risk> {
  readonly parameters: Parameters<Risk>;
  readonly texts: readonly string[] | undefined;
  readonly today: string;
}

/** Reads one parameter into the draft; answers what is wrong, if anything. */
function readInto<Risk, K extends keyof Risk>(
  draft: Partial<Risk>,
  name: K,
  { parameters, texts = [], today }: Reader<Risk>,
): string | undefined {
  const { read, absent, allowed, needs } = parameters[name];
  const [text, ...repeats] = texts;
  if (repeats.some((repeat) => repeat !== text)) return 'given more than once with different values; give it once';
  // What is wrong with the one it needs has been said already.
  if (needs && draft[needs] === undefined) return undefined;
  const ctx = { today, read: draft };
  const reading = text === undefined ? absent?.(ctx) : read(text, ctx);
  if (!reading) return `is required: ${allowed}`;
  if ('error' in reading) return reading.error;
  if (reading.value !== undefined) draft[name] = reading.value;
  return undefined;
}
