import { editsWithin } from './edit-distance.ts';

const MOST_EDITS = 3;

/**
 * How far a name is from the text asked for, both as `nameKey`: 0 starts with it, 1 a word does, 2 one contains the
 * other, then 2 and its edits; infinity when nothing is near.
 */
export function nameRank(asked: string, name: string): number {
  if (name.startsWith(asked)) return 0;
  const words = name.split(/[ -]/);
  if (words.some((word) => word.startsWith(asked))) return 1;
  if (name.includes(asked) || asked.includes(name)) return 2;
  const most = Math.min(MOST_EDITS, Math.max(1, Math.floor(asked.length / 3)));
  return 2 + Math.min(...[name, ...words].map((text) => editsWithin(most, { from: asked, to: text })));
}
