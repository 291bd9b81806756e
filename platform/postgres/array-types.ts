/**
 * Array types of pg_catalog by the oid that they have in every server, with how an element is read; absent: as text. Those
 * of dates and numerics are left out: Drizzle takes them over.
 */
const ARRAYS: readonly { readonly oid: number; readonly read?: (text: string) => unknown }[] = [
  { oid: 1000, read: (text) => text === 't' }, // bool
  { oid: 1005, read: Number }, // int2
  { oid: 1007, read: Number }, // int4
  { oid: 1016 }, // int8, which a number may not hold
  { oid: 1021, read: Number }, // float4
  { oid: 1022, read: Number }, // float8
  { oid: 1028, read: Number }, // oid
  { oid: 1009 }, // text
  { oid: 1015 }, // varchar
  { oid: 2951 }, // uuid
];

/**
 * How postgres.js is to write and read arrays, of one dimension. It asks the server for the types there are when a
 * connection is made, once; where that answer is lost (swallow-lost-types.ts) it would never know them.
 */
export const ARRAY_TYPES: Record<string, never> = Object.fromEntries(
  ARRAYS.map(({ oid, read = (text) => text }) => [
    `array${oid}`,
    { to: oid, from: [oid], serialize: writeArray, parse: (text: string) => readArray(text, read) },
  ]),
  // Its own type says that there are no types.
) as Record<string, never>;

/** What an element cannot have between its quotes as it is. */
const SPECIAL = /["\\]/;

/**
 * An array literal (PostgreSQL manual, 8.15.6). What is no array is taken for a literal. Settlement writes a hundred
 * thousand elements a second: numbers go as they are, and hardly a text has anything to escape.
 */
function writeArray(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  let literal = '{';
  for (const element of value as readonly unknown[]) {
    if (literal.length > 1) literal += ',';
    if (element === null || element === undefined) literal += 'NULL';
    else if (typeof element === 'number') literal += element;
    else literal += `"${escaped(element instanceof Date ? element.toISOString() : String(element))}"`;
  }
  return `${literal}}`;
}

const escaped = (text: string) => (SPECIAL.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : text);

/** An element of a literal: quoted, in which a backslash escapes, or bare. */
const ELEMENT = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gsu;

function readArray(literal: string, read: (text: string) => unknown): unknown[] {
  return [...literal.matchAll(ELEMENT)].map(([, quoted, bare]) => {
    if (quoted !== undefined) return read(quoted.replaceAll(/\\(.)/gsu, '$1'));
    return bare === 'NULL' ? null : read(bare ?? '');
  });
}
