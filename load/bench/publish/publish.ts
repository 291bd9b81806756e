import { readFile, writeFile } from 'node:fs/promises';
import { isSameMachine } from '../machine.ts';
import { replaceMarked } from './marked-part.ts';
import { renderCapacity } from './render-capacity.ts';
import { renderFound } from './render-found.ts';
import { renderGoals } from './render-goals.ts';
import { mergeResults, RESULTS, type Results, readReports, readResults } from './results.ts';

/** The pages, the name of the part that is written, and what it is written from. */
export const PAGES = [
  { page: 'README.md', part: 'figures', render: (results: Results) => renderGoals(results) },
  { page: 'README.md', part: 'capacity', render: renderCapacity },
  { page: 'load/README.md', part: 'found', render: renderFound },
] as const;

/** Merges the newest report of each benchmark into the committed results, and writes the pages from these. */
export async function publish(say: (message: string) => void): Promise<void> {
  const before = await readResults();
  const results = mergeResults(before, await readReports());
  const fresh = Object.keys(results).filter((name) => results[name]?.machine.date !== before[name]?.machine.date);
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  for (const { page, part, render } of PAGES) {
    await writeFile(page, replaceMarked(await readFile(page, 'utf8'), part, render(results)));
  }
  say(fresh.length === 0 ? 'No report is newer than what is published' : `Published anew: ${fresh.join(', ')}`);
  tellStrangers(results, say);
  say(`Written: ${[RESULTS, ...PAGES.map(({ page }) => page)].join(', ')}`);
}

/** Figures of two machines do not belong together. */
function tellStrangers(results: Results, say: (message: string) => void): void {
  const newest = Object.values(results).toSorted((a, b) => b.machine.date.localeCompare(a.machine.date))[0];
  if (!newest) return;
  const others = Object.values(results).filter(({ machine }) => !isSameMachine(machine, newest.machine));
  if (others.length > 0) say(`Of another machine than ${newest.name}: ${others.map(({ name }) => name).join(', ')}`);
}
