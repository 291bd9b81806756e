import { mkdir, writeFile } from 'node:fs/promises';
import type { Figure } from './bench.ts';
import type { Report } from './report.ts';

/** Where reports lie. */
export const REPORTS = '.local/bench';

/** Writes what a benchmark found, with every single value, to `.local/bench/{name}-{time}.json`. Returns the path. */
export async function writeReport(report: Report, values: readonly Figure[]): Promise<string> {
  const path = `${REPORTS}/${report.name}-${report.machine.date.replaceAll(':', '-')}.json`;
  const figures = report.figures.map((figure, index) => ({ ...figure, values: values[index]?.values }));
  await mkdir(REPORTS, { recursive: true });
  await writeFile(path, `${JSON.stringify({ ...report, figures }, null, 2)}\n`);
  return path;
}
