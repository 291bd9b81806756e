import { Gauge, type Registry } from 'prom-client';
import { FRESHNESS, type FreshnessLimits, freshness } from '../quotes/freshness.ts';
import type { Catalogue } from './catalogue.ts';

interface Observed {
  readonly catalogue: Catalogue;
  readonly freshnessLimits: FreshnessLimits;
  readonly now: () => Date;
}

/** D8 in figures: the age of what is known of each insurer, whether that is fresh, and the versions on sale. */
export function observeCatalogue(registry: Registry, { catalogue, freshnessLimits, now }: Observed): void {
  new Gauge({
    name: 'catalogue_insurer_age_seconds',
    help: 'Since an insurer last answered well',
    labelNames: ['insurer'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { insurer, polledAt } of catalogue.entries()) {
        this.set({ insurer }, (now().getTime() - polledAt.getTime()) / 1000);
      }
    },
  });
  new Gauge({
    name: 'catalogue_insurer_freshness',
    help: '1 for the state that an insurer is in: fresh, stale (offers marked) or hidden',
    labelNames: ['insurer', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { insurer, polledAt } of catalogue.entries()) {
        const present = freshness(freshnessLimits, { polledAt, now: now() });
        for (const state of FRESHNESS) this.set({ insurer, state }, state === present ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'catalogue_tariff_version',
    help: 'The version on sale',
    labelNames: ['insurer', 'product'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { insurer, tariffs } of catalogue.entries()) {
        for (const { product, version } of tariffs.values()) this.set({ insurer, product }, version);
      }
    },
  });
}
