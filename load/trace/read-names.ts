import { parseAst } from 'vitest/node';
import { numbersOf } from './numbers-of.ts';

/** A name that a source gives to a test or to a group of tests. */
export interface WrittenName {
  readonly isGroup: boolean;
  /** As it is written, with … in the place of what is computed. */
  readonly text: string;
  /** What it is when it runs, with anything in the place of values. */
  readonly pattern: RegExp;
  /** Those that it begins with. */
  readonly own: readonly string[];
  /** Those, and those of the groups around it. */
  readonly numbers: readonly string[];
  readonly line: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const GROUPS = new Set(['describe', 'suite']);
const TESTS = new Set(['it', 'test']);
/** Called, these answer what takes the name. */
const MAKERS = new Set(['each', 'for', 'runIf', 'skipIf', 'extend']);

/** All tests and groups that the TypeScript of a file names, in its order. */
export function readNames(source: string): WrittenName[] {
  const found: WrittenName[] = [];
  const visit = (value: unknown, around: readonly string[]): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, around);
    if (!isNode(value)) return;
    const name = readName(value, source, around);
    if (name) found.push(name);
    for (const each of Object.values(value)) visit(each, name?.numbers ?? around);
  };
  visit(parseAst(source, { lang: 'ts' }).body, []);
  return found;
}

function readName(node: Node, source: string, around: readonly string[]): WrittenName | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const callee = node['callee'] as Node;
  const root = rootOf(callee);
  if (!GROUPS.has(root) && !TESTS.has(root)) return undefined;
  if (callee.type === 'MemberExpression' && MAKERS.has(String((callee['property'] as Node)['name']))) return undefined;
  const first = (node['arguments'] as Node[])[0];
  if (!first) return undefined;
  const pieces = piecesOf(first);
  const text = pieces.join('…');
  const own = numbersOf(text);
  return {
    isGroup: GROUPS.has(root),
    text,
    pattern: new RegExp(`^${pieces.map(escaped).join('.*')}$`, 's'),
    own,
    numbers: [...new Set([...around, ...own])],
    line: source.slice(0, node.start).split('\n').length,
  };
}

/** The identifier that a chain such as `it.runIf(runs).each([...])` begins with. */
function rootOf(node: Node): string {
  const next = node['object'] ?? node['callee'] ?? node['tag'];
  if (node.type === 'Identifier') return String(node['name']);
  return isNode(next) ? rootOf(next) : '';
}

/** What is fixed of a name; between two pieces may be anything. */
function piecesOf(node: Node): string[] {
  if (node.type === 'Literal') return [String(node['value'])];
  if (node.type !== 'TemplateLiteral') return ['', ''];
  return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked);
}

/** `%s`, `%#` and `$field.name` stand for the values of `each`. */
const escaped = (piece: string) =>
  piece
    .split(/%[sdifjoOc#$]|\$[\w.]+/)
    .map((fixed) => RegExp.escape(fixed))
    .join('.*');

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
