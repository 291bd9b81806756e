import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import { missingPromtool, withPromtool } from '../rules/promtool.testing.ts';
import { OF_REGION, toGrafana } from './dashboard.ts';
import { DASHBOARDS, fileOf } from './write.ts';

const boards = Object.entries(DASHBOARDS);
const panels = boards.flatMap(([name, { rows }]) =>
  rows.flatMap((row) => row.panels.map((panel) => ({ name, ...panel }))),
);

test.each(boards)(
  '%s.json is what its source says: else run node k8s/monitoring/dashboards/write.ts',
  (name, dashboard) => {
    expect(JSON.parse(readFileSync(fileOf(name), 'utf8'))).toEqual(JSON.parse(JSON.stringify(toGrafana(dashboard))));
  },
);

test('there are the five that were asked for, and no other', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json'));
  expect(files.toSorted()).toEqual(['edge.json', 'events.json', 'insurers.json', 'overview.json', 'sales.json']);
});

test('every query asks for the chosen regions, and its legend says which a line is of', () => {
  for (const { name, title, queries } of panels) {
    for (const [expr, legend] of queries) {
      expect(expr, `${name}: ${title}`).toContain(OF_REGION);
      if (!/max\(region:can_sell/.test(expr)) expect(legend, `${name}: ${title}`).toContain('{{region}}');
    }
  }
});

test('R8 the cost of the outage is 500,000 RUB for each hour of the range in which no region could sell', () => {
  const cost = panels.find(({ title }) => title === 'Cost of the outage so far');
  expect(cost?.unit).toBe('currencyRUB');
  expect(cost?.queries[0]?.[0]).toBe(
    `(1 - avg_over_time(max(region:can_sell{${OF_REGION}})[$__range:15s])) * $__range_s / 3600 * 500000`,
  );
});

test.runIf(requireOrSkip('the queries of the dashboards', missingPromtool))(
  'every query is one that Prometheus can read',
  async () => {
    const plain = (expr: string) =>
      expr
        .replaceAll('$__range_s', '3600')
        .replaceAll('$__rate_interval', '1m')
        .replaceAll('$__range', '1h')
        .replaceAll('$region', '.+');
    const recorded = panels.flatMap(({ queries }) => queries.map(([expr]) => plain(expr)));
    const group = { name: 'panels', rules: recorded.map((expr, index) => ({ record: `panel:${index}`, expr })) };
    expect(await withPromtool('check rules', { groups: [group] })).toBe('');
    expect(
      await withPromtool('check rules', { groups: [{ ...group, rules: [{ record: 'a', expr: 'rate(b)' }] }] }),
    ).not.toBe('');
  },
);
