import { describe, expect, test } from 'vitest';
import { CATALOGUE_REVISION_HEADER } from '#contracts/catalogue-revision.ts';
import type { Quote } from '#contracts/quote.ts';
import type { CoreContext } from '../context.ts';
import { fixedCatalogue, NOW, query, tariff } from '../core.testing.ts';
import { createKeyRing } from '../offers/key-ring.ts';
import { quoteRoutes } from '../quotes/route.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { internalCatalogueRoutes } from './route.ts';

const selling = (version: number): CatalogueEntry => ({
  insurer: 'volga',
  polledAt: new Date(NOW),
  tariffs: new Map([['osago', tariff('volga', { version })]]),
});
const quotePath = `/v1/quotes/osago?${query()}`;

/** Routes over a catalogue that a test replaces as a refresh does: entries and revision at once. */
async function startRoutes() {
  const replicas = { current: fixedCatalogue([selling(1)]), onRead: (): void => undefined };
  const catalogue = {
    ...replicas.current,
    revision: () => replicas.current.revision(),
    entries: () => {
      const entries = replicas.current.entries();
      replicas.onRead();
      return entries;
    },
  };
  const ctx = {
    region: 'msk',
    now: () => new Date(NOW),
    catalogue,
    offerKeys: await createKeyRing([{ kid: 'k1', key: new Uint8Array(32).fill(1) }]),
    freshnessLimits: { staleAfterMs: 1_200_000, hiddenAfterMs: 86_400_000 },
    countOutcome: () => undefined,
  } as unknown as CoreContext;
  return { replicas, quotes: quoteRoutes(ctx), internal: internalCatalogueRoutes(ctx) };
}
const revisionOf = ({ headers }: Response) => headers.get(CATALOGUE_REVISION_HEADER);

describe('the revision of the catalogue', () => {
  test('GET /internal/catalogue, products and quotes tell one, and all another after a refresh', async () => {
    const { replicas, quotes, internal } = await startRoutes();
    const told = async () => {
      const { revision } = (await (await internal.request('/internal/catalogue')).json()) as { revision: string };
      return [revision, revisionOf(await quotes.request('/v1/products')), revisionOf(await quotes.request(quotePath))];
    };
    const before = replicas.current.revision();
    expect(await told()).toEqual([before, before, before]);
    replicas.current = fixedCatalogue([selling(2)]);
    const after = replicas.current.revision();
    expect(after).not.toBe(before);
    expect(await told()).toEqual([after, after, after]);
  });

  test('a quote tells that of the tariffs it was rated from, also when they change while its offers are signed', async () => {
    const { replicas, quotes } = await startRoutes();
    const before = replicas.current.revision();
    replicas.onRead = () => queueMicrotask(() => (replicas.current = fixedCatalogue([selling(2)])));
    const answer = await quotes.request(quotePath);
    const { offers } = (await answer.json()) as Quote;
    expect(offers.map((offer) => offer.tariff.version)).toEqual([1]);
    expect(revisionOf(answer)).toBe(before);
    expect(replicas.current.revision()).not.toBe(before);
  });

  test('places tell none: no tariff changes them', async () => {
    const { quotes } = await startRoutes();
    const answer = await quotes.request(`/v1/localities?${new URLSearchParams({ q: 'Казан' })}`);
    expect([answer.status, revisionOf(answer)]).toEqual([200, null]);
  });
});
