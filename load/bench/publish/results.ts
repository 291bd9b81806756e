import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judged, type Report } from '../report.ts';
import { REPORTS } from '../write-report.ts';

/** Committed: the last whole report of each benchmark, without its single values. */
export const RESULTS = 'load/bench/results.json';

/** By the name of the benchmark. */
export type Results = Readonly<Record<string, Report>>;

export const readResults = async (file = RESULTS): Promise<Results> =>
  JSON.parse(await readFile(file, 'utf8')) as Results;

/** All reports in the folder of this clone; none if nothing was measured in it. */
export async function readReports(folder = REPORTS): Promise<Report[]> {
  const files = await readdir(folder).catch(() => []);
  const reports = files.filter((file) => file.endsWith('.json'));
  return Promise.all(reports.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Report));
}

/**
 * Puts the newest report of each benchmark in the place of an older one; all else stays. A short try, of fewer rounds than
 * are usual, or one of a machine or in a form that says too little, is passed over. All are judged by the goals of today.
 */
export function mergeResults(results: Results, reports: readonly Report[]): Results {
  const merged = new Map(Object.entries(results));
  for (const report of reports.filter(isWhole).sort((a, b) => a.machine.date.localeCompare(b.machine.date))) {
    const known = merged.get(report.name);
    if (known && known.machine.date >= report.machine.date) continue;
    const figures = report.figures.map((figure) => ({ ...figure, values: undefined }));
    merged.set(report.name, { ...report, figures });
  }
  return Object.fromEntries(
    [...merged].map(([name, report]) => [
      name,
      { ...report, figures: report.figures.map((figure) => judged(name, figure)) },
    ]),
  );
}

const isWhole = ({ rounds, machine }: Report): boolean => rounds === undefined && machine.versions !== undefined;
