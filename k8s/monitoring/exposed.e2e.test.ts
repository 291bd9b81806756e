import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoRegion } from '../../local/read-demo.ts';
import { registered, sell } from '../../local/sale.testing.ts';
import { type Checkout, checkout, demoOf, type Running, startReady, stop } from '../../local/start.testing.ts';
import { DASHBOARDS, fileOf } from './dashboards/write.ts';
import { rules } from './rules/promtool.testing.ts';
import { missingOf, readExposed, selectorsOf } from './selectors.testing.ts';

/** What Prometheus itself makes. */
const OF_PROMETHEUS = ['up', 'ALERTS', ...rules.flatMap(({ record }) => record ?? [])];

interface GrafanaPanel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const panels = Object.keys(DASHBOARDS).flatMap((name) =>
  (JSON.parse(readFileSync(fileOf(name), 'utf8')) as { panels: GrafanaPanel[] }).panels.flatMap(
    ({ title, targets = [] }) => targets.map(({ expr }) => [`${name}: ${title}`, expr] as const),
  ),
);
const queries = [...rules.map(({ alert, record, expr }) => [alert ?? record ?? '', expr] as const), ...panels];

describe('what a region that has sold tells at /metrics', () => {
  let place: Checkout;
  let running: Running;

  beforeAll(async () => {
    place = await checkout();
    running = await startReady(place, ['--regions', 'msk']);
  });
  afterAll(async () => {
    await stop(running);
    await place[Symbol.asyncDispose]();
  });

  it('D11 (d) has every metric and label that an alert or a panel asks for, and one that nobody tells is named', async () => {
    const { regions, keys } = await demoOf(place);
    const region = regions[0] as DemoRegion;
    const { policy } = await sell(region, keys.site);
    await registered(region, policy, keys.operator);
    const urls = [region.edgeMetrics, region.core, region.settlement, region.aggregator];
    const exposed = readExposed(await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text())));

    const missing = queries.flatMap(([of, expr]) =>
      selectorsOf(expr)
        .filter(({ metric }) => !OF_PROMETHEUS.includes(metric))
        .flatMap((selector) => missingOf(selector, exposed) ?? [])
        .map((sentence) => `${of}: ${sentence}`),
    );
    expect(missing).toEqual([]);
    expect(queries.length).toBeGreaterThan(100);
    for (const asked of ['outbox_oldest_age_minutes', 'outbox_oldest_age_seconds{partition="3"}']) {
      expect(selectorsOf(asked).map((selector) => missingOf(selector, exposed))).toEqual([expect.any(String)]);
    }
  });
});
