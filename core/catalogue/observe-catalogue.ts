import type { Registry } from 'prom-client';
import { observeGauge } from '#platform/telemetry/observe-gauge.ts';
import { FRESHNESS, type FreshnessLimits, freshness } from '../quotes/freshness.ts';
import type { Catalogue } from './catalogue.ts';

interface Observed {
  readonly catalogue: Catalogue;
  readonly freshnessLimits: FreshnessLimits;
  readonly now: () => Date;
}

/** D8 in figures: the age of what is known of each insurer, whether that is fresh, and the versions on sale. */
export function observeCatalogue(registry: Registry, { catalogue, freshnessLimits, now }: Observed): void {
  observeGauge(registry, {
    name: 'catalogue_insurer_age_seconds',
    help: 'Since an insurer last answered well',
    labelNames: ['insurer'],
    read: () =>
      catalogue.entries().map(({ insurer, polledAt }) => ({
        labels: { insurer },
        value: (now().getTime() - polledAt.getTime()) / 1000,
      })),
  });
  observeGauge(registry, {
    name: 'catalogue_insurer_freshness',
    help: '1 for the state that an insurer is in: fresh, stale (offers marked) or hidden',
    labelNames: ['insurer', 'state'],
    read: () =>
      catalogue.entries().flatMap(({ insurer, polledAt }) => {
        const present = freshness(freshnessLimits, { polledAt, now: now() });
        return FRESHNESS.map((state) => ({ labels: { insurer, state }, value: state === present ? 1 : 0 }));
      }),
  });
  observeGauge(registry, {
    name: 'catalogue_tariff_version',
    help: 'The version on sale',
    labelNames: ['insurer', 'product'],
    read: () =>
      catalogue
        .entries()
        .flatMap(({ insurer, tariffs }) =>
          [...tariffs.values()].map(({ product, version }) => ({ labels: { insurer, product }, value: version })),
        ),
  });
}
