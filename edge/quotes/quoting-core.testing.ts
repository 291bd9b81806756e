import { base64url } from 'jose';
import { CATALOGUE_REVISION_HEADER } from '#contracts/catalogue-revision.ts';
import type { Tariff } from '#contracts/tariff.ts';
import { createRouter } from '#platform/http/create-app.ts';
import { onError } from '#platform/problem/handlers.ts';
import type { CatalogueEntry } from '../../core/catalogue/catalogue.ts';
import { revisionOf } from '../../core/catalogue/revision-of.ts';
import { internalCatalogueRoutes } from '../../core/catalogue/route.ts';
import type { CoreContext } from '../../core/context.ts';
import { FRESHNESS_LIMITS } from '../../core/core.testing.ts';
import { verifyHop } from '../../core/hop/verify-hop.ts';
import { createKeyRing } from '../../core/offers/key-ring.ts';
import { quoteRoutes } from '../../core/quotes/route.ts';
import { ALFA, BETA, HOP_KEY } from '../fake-core.testing.ts';

/** What core gave, byte by byte: nobody can have such an answer from elsewhere. */
export interface Given {
  readonly revision: string;
  /** When it was rated, and how many changes of the catalogue had been before. */
  readonly at: number;
  readonly change: number;
}

const PARTNERS = new Map([ALFA, BETA].map(({ partner }) => [partner.id, { ...partner, limitPerSecond: 100_000 }]));

/** For tests: core's own rating, signing and hop over a catalogue in memory that a test changes. It reads no table. */
export function createQuotingCore(clock: { readonly now: () => number }) {
  const insurers = new Map<string, { polledAt: Date; tariffs: Map<Tariff['product'], Tariff> }>();
  const given = new Map<string, Given>();
  const seen: { path: string; headers: Headers }[] = [];
  let change = 0;
  let changedAt = clock.now();

  const entries = (): CatalogueEntry[] =>
    [...insurers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([insurer, known]) => ({ insurer, ...known }));
  const changed = () => {
    change += 1;
    changedAt = clock.now();
  };
  const insurerOf = (id: string) => {
    const known = insurers.get(id) ?? { polledAt: new Date(clock.now()), tariffs: new Map() };
    insurers.set(id, known);
    return known;
  };
  const revision = () => revisionOf(entries());
  const ctx = {
    region: 'msk',
    now: () => new Date(clock.now()),
    catalogue: { entries, revision },
    offerKeys: createKeyRing([{ kid: 'k1', key: new Uint8Array(32).fill(1) }]),
    freshnessLimits: FRESHNESS_LIMITS,
    countOutcome: () => undefined,
    homeOf: () => undefined,
    // Quotes, hops and the catalogue's routes need no more of it.
  } as unknown as CoreContext;

  const app = createRouter();
  app.onError(onError(() => undefined));
  app.use(verifyHop(base64url.decode(HOP_KEY), ctx.now));
  app.use('/v1/quotes/*', async (c, next) => {
    await next();
    const told = c.res.headers.get(CATALOGUE_REVISION_HEADER);
    if (c.res.status !== 200 || told === null) return;
    const about = { revision: told, at: clock.now(), change };
    given.set(await c.res.clone().text(), about);
  });
  app.route('/', quoteRoutes(ctx));
  app.route('/', internalCatalogueRoutes(ctx));
  app.get('/internal/partners/:id', (c) => {
    const partner = PARTNERS.get(c.req.param('id'));
    return partner ? c.json(partner) : c.json({ type: 'not-found' }, 404);
  });

  return {
    ctx,
    /** Every quote that was given, by its text. */
    given,
    seen,
    revision,
    /** How many changes of the catalogue there were, and when the last was. */
    change: () => ({ number: change, at: changedAt }),
    publish(tariff: Tariff) {
      insurerOf(tariff.insurer).tariffs.set(tariff.product, tariff);
      changed();
    },
    withdraw({ insurer, product }: Pick<Tariff, 'insurer' | 'product'>) {
      insurerOf(insurer).tariffs.delete(product);
      changed();
    },
    poll(insurer: string) {
      insurerOf(insurer).polledAt = new Date(clock.now());
    },
    async fetch(url: string, init: RequestInit): Promise<Response> {
      seen.push({ path: new URL(url).pathname, headers: new Headers(init.headers) });
      return app.request(url, init);
    },
  };
}
