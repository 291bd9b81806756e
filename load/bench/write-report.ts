import { mkdir, writeFile } from 'node:fs/promises';
import type { Figure } from './bench.ts';
import type { Machine } from './machine.ts';
import { summarise } from './table.ts';

/** Writes what a benchmark found, with every single value, to `.local/bench/{name}-{time}.json`. Returns the path. */
export async function writeReport(
  name: string,
  report: { machine: Machine; figures: readonly Figure[] },
): Promise<string> {
  const { machine, figures } = report;
  const path = `.local/bench/${name}-${machine.date.replaceAll(':', '-')}.json`;
  const found = figures.map((figure) => ({ ...summarise(figure), values: figure.values }));
  await mkdir('.local/bench', { recursive: true });
  await writeFile(path, `${JSON.stringify({ name, machine, figures: found }, null, 2)}\n`);
  return path;
}
