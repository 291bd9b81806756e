import { describe, expect, test } from 'vitest';
import type { Report } from '../report.ts';
import { machine } from './machine.testing.ts';
import { mergeResults } from './results.ts';

const report = (name: string, date: string, median = 1): Report => ({
  name,
  machine: { ...machine, date },
  figures: [{ figure: 'a ratio', unit: 'ratio', repeats: 5, median, min: 1, max: 1 }],
});
const medians = (results: ReturnType<typeof mergeResults>) =>
  Object.entries(results).map(([name, { figures }]) => [name, figures[0]?.median]);

describe('mergeResults', () => {
  test('a newer report replaces its own benchmark alone', () => {
    const results = { edge: report('edge', '2026-11-01', 1), sale: report('sale', '2026-11-01', 2) };
    const reports = [report('edge', '2026-11-03', 5), report('edge', '2026-11-02', 4)];
    expect(medians(mergeResults(results, reports))).toEqual([
      ['edge', 5],
      ['sale', 2],
    ]);
  });

  test('an older report replaces nothing, and one of a benchmark that is not there yet is added', () => {
    const results = { edge: report('edge', '2026-11-02', 1) };
    const reports = [report('edge', '2026-11-01', 5), report('outbox', '2026-11-01', 6)];
    expect(medians(mergeResults(results, reports))).toEqual([
      ['edge', 1],
      ['outbox', 6],
    ]);
  });

  test('a short try is passed over', () => {
    expect(mergeResults({}, [{ ...report('edge', '2026-11-02'), rounds: 1 }])).toEqual({});
  });

  test('all are judged by the goals of today, also those that no report is newer than', () => {
    const figure = { unit: 'ratio', repeats: 5, median: 41, min: 41, max: 41, verdict: 'falls short' } as const;
    const figures = [
      { ...figure, figure: 'batches / one by one, 12 partitions', goal: 'at least 50' },
      { ...figure, figure: 'a figure whose goal is gone', goal: 'at least 50' },
    ];
    const { settlement } = mergeResults({ settlement: { ...report('settlement', '2026-11-02'), figures } }, []);
    expect(settlement?.figures.map(({ goal, verdict }) => [goal, verdict])).toEqual([
      ['at least 40', 'held'],
      [undefined, undefined],
    ]);
  });

  test('single values stay behind', () => {
    const { figures, ...rest } = report('edge', '2026-11-02');
    const merged = mergeResults({}, [{ ...rest, figures: figures.map((figure) => ({ ...figure, values: [1, 2] })) }]);
    expect(JSON.stringify(merged)).not.toContain('values');
  });
});
