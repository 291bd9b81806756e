import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { FRESHNESS_LIMITS, fixedCatalogue, NOW, tariff } from '../core.testing.ts';
import { observeCatalogue } from './observe-catalogue.ts';

test('D8 /metrics tells of each insurer how old its tariffs are, whether that is fresh, stale or hidden, and the version on sale', async () => {
  const registry = new Registry();
  const entry = (insurer: string, agoSeconds: number) => ({
    insurer,
    polledAt: new Date(Date.parse(NOW) - agoSeconds * 1000),
    tariffs: new Map([['osago' as const, tariff(insurer, { version: 7 })]]),
  });
  const catalogue = fixedCatalogue([
    entry('volga', 1_200),
    entry('ural', 1_201),
    { ...entry('don', 86_401), tariffs: new Map() },
  ]);
  observeCatalogue(registry, { catalogue, freshnessLimits: FRESHNESS_LIMITS, now: () => new Date(NOW) });
  const series = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(series.filter((line) => line.endsWith(' 1') || !line.includes('state='))).toEqual([
    'catalogue_insurer_age_seconds{insurer="volga"} 1200',
    'catalogue_insurer_age_seconds{insurer="ural"} 1201',
    'catalogue_insurer_age_seconds{insurer="don"} 86401',
    'catalogue_insurer_freshness{insurer="volga",state="fresh"} 1',
    'catalogue_insurer_freshness{insurer="ural",state="stale"} 1',
    'catalogue_insurer_freshness{insurer="don",state="hidden"} 1',
    'catalogue_tariff_version{insurer="volga",product="osago"} 7',
    'catalogue_tariff_version{insurer="ural",product="osago"} 7',
  ]);
});
