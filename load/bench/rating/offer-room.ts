import type { Tariff } from '#contracts/tariff.ts';
import type { CatalogueEntry } from '../../../core/catalogue/catalogue.ts';
import { createKeyRing } from '../../../core/offers/key-ring.ts';

/** All that a quote needs, without a database: a catalogue that never changes, polled `at`, and a key that signs. */
export async function offerRoom(tariffs: readonly Tariff[], at: Date) {
  const entries: CatalogueEntry[] = [...Map.groupBy(tariffs, ({ insurer }) => insurer)].map(([insurer, sold]) => ({
    insurer,
    polledAt: at,
    tariffs: new Map(sold.map((tariff) => [tariff.product, tariff])),
  }));
  return {
    region: 'msk',
    now: () => at,
    offerKeys: await createKeyRing([{ kid: 'k1', key: new Uint8Array(32).fill(7) }]),
    freshnessLimits: { staleAfterMs: 20 * 60_000, hiddenAfterMs: 24 * 3_600_000 },
    countOutcome: () => undefined,
    homeOf: () => undefined,
    catalogue: {
      entries: () => entries,
      revision: () => '',
      refresh: async () => undefined,
      done: Promise.resolve(),
      [Symbol.asyncDispose]: async () => undefined,
    },
  };
}

export type OfferRoom = Awaited<ReturnType<typeof offerRoom>>;
