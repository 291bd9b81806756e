import fc from 'fast-check';

/** What an insurer's broken system may put where a value was. */
const HOSTILE = [
  '',
  '0',
  '-1',
  '0.1',
  '1e309',
  '99999999999999999999',
  'NaN',
  'null',
  'true',
  '[]',
  '{}',
  '"',
  '<',
  '&amp;',
  '<!-- -->',
  '__proto__',
  'constructor',
  '2026-02-30',
  '\u0000',
  '\u202e',
  '\ud800',
  'ё'.repeat(5_000),
];

/** A change of a reply's text. */
export type Mutation = (text: string) => string;

interface Part {
  readonly from: number;
  readonly to: number;
}

/** A share of the way through: it picks a place of any text. Not a double, most of which are next to 0. */
const At = fc.integer({ min: 0, max: 9_999 }).map((share) => share / 10_000);

const put = (text: string, { from, to }: Part, what: string): string => text.slice(0, from) + what + text.slice(to);

function pick(text: string, parts: RegExp, at: number): Part {
  const found = [...text.matchAll(parts)];
  const part = found[Math.floor(at * found.length)];
  return part ? { from: part.index, to: part.index + part[0].length } : { from: 0, to: 0 };
}

/** Values of JSON and XML alike: runs of letters, digits and what numbers and dates are written with. */
const VALUES = /[\p{L}\d.,%:+-]+/gu;

const anyTurnedDigit = fc.tuple(At, fc.nat(9)).map(
  ([at, digit]): Mutation =>
    (text) =>
      put(text, pick(text, /\d/g, at), String(digit)),
);

const anyHostileValue = fc.tuple(At, fc.constantFrom(...HOSTILE)).map(
  ([at, what]): Mutation =>
    (text) =>
      put(text, pick(text, VALUES, at), what),
);

const anyValueOfAnother = fc.tuple(At, At).map(
  ([a, b]): Mutation =>
    (text) => {
      const other = pick(text, VALUES, b);
      return put(text, pick(text, VALUES, a), text.slice(other.from, other.to));
    },
);

const anyCut = fc.tuple(At, fc.nat(400)).map(
  ([at, length]): Mutation =>
    (text) => {
      const from = Math.floor(at * text.length);
      return put(text, { from, to: Math.min(text.length, from + length) }, '');
    },
);

const anyDoubled = fc.tuple(At, At, fc.nat(400)).map(
  ([a, b, length]): Mutation =>
    (text) => {
      const [from, to] = [Math.floor(a * text.length), Math.floor(b * text.length)];
      return put(text, { from: to, to }, text.slice(from, from + length));
    },
);

const anyRubbish = fc.tuple(At, fc.string({ unit: 'binary', maxLength: 12 })).map(
  ([at, what]): Mutation =>
    (text) => {
      const from = Math.floor(at * text.length);
      return put(text, { from, to: from }, what);
    },
);

const anyChange = fc.oneof(anyHostileValue, anyValueOfAnother, anyCut, anyDoubled, anyRubbish, anyTurnedDigit);

/**
 * For tests: what may become of a reply: mostly a digit turned, which leaves it well-formed and its prices wrong, else up
 * to four changes of every kind.
 */
export const anyMutation: fc.Arbitrary<Mutation> = fc.oneof(
  anyTurnedDigit,
  fc
    .array(anyChange, { minLength: 1, maxLength: 4 })
    .map((changes) => (text: string) => changes.reduce((changed, change) => change(changed), text)),
);
