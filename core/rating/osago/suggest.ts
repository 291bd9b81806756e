import { nameKey } from './name-key.ts';
import { nameRank } from './name-rank.ts';

/** Longer texts are no place name; with the most edits of a match, it bounds what a bad request costs (0.5 ms). */
const LONGEST = 60;

/** Up to five names near the text, nearest first; none when nothing is near. */
export function suggest(text: string, names: Iterable<string>): string[] {
  const asked = nameKey(text).slice(0, LONGEST);
  if (asked === '') return [];
  return [...names]
    .map((name) => ({ name, rank: nameRank(asked, nameKey(name)) }))
    .filter((candidate) => candidate.rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, 5)
    .map((candidate) => candidate.name);
}
