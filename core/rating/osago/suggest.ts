import { nameKey } from './name-key.ts';

/** Longer texts are no place name; with the next, it bounds what a bad request costs (measured: 0.5 ms). */
const LONGEST = 60;
const MOST_EDITS = 3;

/** Edits (insert, drop, change, swap of neighbours) that turn one text into the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = previous;
    previous = current;
  }
  return at(previous, b.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;

/** How far a name is from the text asked for: 0 starts with it, 1 a word does, 2 one contains the other, then edits. */
function rank(asked: string, name: string): number {
  if (name.startsWith(asked)) return 0;
  const words = name.split(/[ -]/);
  if (words.some((word) => word.startsWith(asked))) return 1;
  if (name.includes(asked) || asked.includes(name)) return 2;
  const most = Math.min(MOST_EDITS, Math.max(1, Math.floor(asked.length / 3)));
  return 2 + Math.min(...[name, ...words].map((text) => editsWithin(most, { from: asked, to: text })));
}

/** The edit distance if it is at most `most`, else infinity; texts of too different lengths are not compared at all. */
export function editsWithin(most: number, { from, to }: { from: string; to: string }): number {
  if (Math.abs(from.length - to.length) > most) return Number.POSITIVE_INFINITY;
  const edits = editDistance(from, to);
  return edits <= most ? edits : Number.POSITIVE_INFINITY;
}

/** Up to five names near the text, nearest first; none when nothing is near. */
export function suggest(text: string, names: Iterable<string>): string[] {
  const asked = nameKey(text).slice(0, LONGEST);
  if (asked === '') return [];
  return [...names]
    .map((name) => ({ name, rank: rank(asked, nameKey(name)) }))
    .filter((candidate) => candidate.rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, 5)
    .map((candidate) => candidate.name);
}
