import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Sql } from 'postgres';
import { Registry } from 'prom-client';
import type { InsurerPolled, TariffEvent } from '#contracts/events.ts';
import { HOP_HEADER, HOP_TTL_SECONDS, type HopClaims } from '#contracts/hop.ts';
import type { Partner } from '#contracts/partner.ts';
import type { Tariff, TariffOf, WithdrawnTariff } from '#contracts/tariff.ts';
import { TARIFFS } from '#contracts/topics.ts';
import type { Batch } from '#platform/events/transport.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createTestDatabase } from '#platform/postgres/testing.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createCoreApp } from './app.ts';
import { type Catalogue, startCatalogue } from './catalogue/catalogue.ts';
import { consumeTariffs } from './catalogue/consume-tariffs.ts';
import { createFindCommissionRate } from './catalogue/find-commission-rate.ts';
import { revisionOf } from './catalogue/revision-of.ts';
import { type CoreConfig, parseConfig } from './config.ts';
import type { CoreContext } from './context.ts';
import { gslbChecks } from './health/gslb-checks.ts';
import { createHomeOf } from './homes.ts';
import { createKeyRing } from './offers/key-ring.ts';
import { findPartner } from './partners/find-partner.ts';
import { createPartnerDirectory } from './partners/partner-directory.ts';
import { setPartner } from './partners/set-partner.ts';
import { createInsertPolicy } from './policies/issue-statement.ts';
import { createTakeNumber } from './policies/take-number.ts';

/** When tests happen. In Moscow it is the afternoon of the same day. */
export const NOW = '2026-11-22T10:00:00.000Z';

/** The limits of DESIGN section 4. */
export const FRESHNESS_LIMITS = { staleAfterMs: 20 * 60_000, hiddenAfterMs: 24 * 3_600_000 };

const newKey = () => randomBytes(32).toString('base64url');

/** An environment that core takes; the database is nobody's. */
export const testEnv = () => ({
  REGION: 'msk',
  PORT: '0',
  DATABASE_URL: 'postgres://core:secret-password@127.0.0.1:1/insuretech',
  OPERATOR_TOKEN: 'operator-token-for-tests-only-32chars',
  HOP_KEY: newKey(),
  OFFER_KEYS: `k2:${newKey()},k1:${newKey()}`,
  HOME_URLS: 'msk=https://msk.example,nsk=https://nsk.example',
});

/** A partner of the test region; its name begins its key. */
export const partner = (id: string, changes: Partial<Partner> = {}): Partner => ({
  id,
  name: id.toUpperCase(),
  limitPerSecond: 20,
  commissionRateBps: 500,
  keyDigests: [createHash('sha256').update(id).digest('hex')],
  ...changes,
});

/** A tariff of a base rate in kopecks; inside the corridor of 7204-У it is 139,900 to 866,500. */
export const tariff = (
  insurer: string,
  changes: Partial<TariffOf<'osago'>> & { baseMinor?: number } = {},
): TariffOf<'osago'> => {
  const { baseMinor = 500_000, ...rest } = changes;
  const terms = { baseRatesMinor: { '2.2': baseMinor } };
  return { insurer, product: 'osago', version: 1, asOf: NOW, commissionRateBps: 1_500, terms, ...rest };
};

/** What events of `tariffs.v1` tell. */
type Told = Tariff | WithdrawnTariff | InsurerPolled;

/** An event of `tariffs.v1` as it comes over the wire. */
export function tariffEvent(data: Told, sequence = 1): string {
  const head = {
    eventId: randomUUID(),
    aggregateId: data.insurer,
    aggregateVersion: 1,
    region: 'msk',
    partition: 0,
    epoch: 1,
    sequence,
    occurredAt: NOW,
    traceparent: null,
  };
  return JSON.stringify({ ...head, ...typed(data) });
}

function typed(data: Told): Pick<TariffEvent, 'type' | 'data'> {
  if ('terms' in data) return { type: 'tariff.published.v1', data };
  return 'product' in data ? { type: 'tariff.withdrawn.v1', data } : { type: 'insurer.polled.v1', data };
}

/** An event's data, or a raw text. */
type Incoming = Told | string;

export const tariffBatch = (...events: readonly Incoming[]): Batch => ({
  topic: TARIFFS.name,
  partition: 0,
  messages: events.map((event) => ({ key: 'k', value: typeof event === 'string' ? event : tariffEvent(event) })),
});

/** A wait that ends when the test says so, or when its signal aborts. */
export function manualWait() {
  let wake = Promise.withResolvers<void>();
  const wait: Wait = (_ms, signal) => {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    return Promise.race([wake.promise, stopped]);
  };
  const tick = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  return { wait, tick };
}

/** A catalogue without a database, for what only reads it. */
export const fixedCatalogue = (entries: ReturnType<Catalogue['entries']>): Catalogue => ({
  entries: () => entries,
  revision: () => revisionOf(entries),
  refresh: async () => undefined,
  done: Promise.resolve(),
  [Symbol.asyncDispose]: async () => undefined,
});

/** A hop as edge signs it: of this call, now; `changes` are a forger's. */
export function signHop(
  key: Uint8Array,
  call: { at: Date; method: string; path: string; body?: string | undefined; partner?: string | undefined },
  changes: Partial<HopClaims> = {},
): Promise<string> {
  const iat = Math.floor(call.at.getTime() / 1000);
  const claims = {
    iat,
    exp: iat + HOP_TTL_SECONDS,
    method: call.method,
    path: call.path,
    bodyDigest: createHash('sha256')
      .update(call.body ?? '')
      .digest('base64url'),
    ...(call.partner && { partner: call.partner }),
    requestId: 'request-1',
    ...changes,
  };
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key);
}

/** The query of a small risk in Moscow. */
export const query = (changes: Record<string, string> = {}): URLSearchParams =>
  new URLSearchParams({
    category: 'B',
    owner: 'individual',
    subject: 'Москва',
    drivers: '35:10',
    powerHp: '106',
    ...changes,
  });

/** A buyer. No value of it may be found anywhere but in `core.policies`. */
export const HOLDER = {
  fullName: 'Canary Fullname',
  birthDate: '1931-05-17',
  phone: '+79990001122',
  email: 'canary@holder.example',
};

/** A call that edge forwards; `signed` is what a forger signs instead, `key` what he signs with. */
export interface Call {
  readonly method?: string;
  readonly body?: string;
  readonly by?: string;
  readonly headers?: Record<string, string>;
  readonly signed?: Partial<HopClaims>;
  readonly key?: Uint8Array;
}

/** Core as main.ts makes it, on a database of its own, with a clock that the test moves and what it logged. */
export async function createTestCore(changes: { env?: Record<string, string>; logLevel?: string } = {}) {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  const config = parseConfig({ ...testEnv(), ...changes.env, DATABASE_URL: database.url('core') });
  const logged: string[] = [];
  const log = createLogger(
    { service: 'core-app', region: config.REGION, level: changes.logLevel ?? 'info' },
    { write: (line) => logged.push(line) },
  );
  const clock = { at: new Date(NOW) };
  const { sql, db } = stack.use(openPostgres({ url: config.DATABASE_URL, name: 'test', log }));
  const admin = stack.use(openPostgres({ url: database.adminUrl, name: 'test-admin', log, max: 1 }));
  const { wait, tick } = manualWait();
  const logError = (err: unknown, message: string) => log.error({ err }, message);
  const catalogue = stack.use(await startCatalogue({ db, wait, logError }));
  let pokes = 0;
  const ctx: CoreContext = {
    region: config.REGION,
    db,
    sql,
    log,
    catalogue,
    now: () => clock.at,
    offerKeys: createKeyRing(config.OFFER_KEYS),
    freshnessLimits: FRESHNESS_LIMITS,
    countOutcome: () => undefined,
    homeOf: createHomeOf(config.HOME_URLS),
    partners: createPartnerDirectory({ load: (id) => findPartner({ db }, id), now: () => clock.at }),
    findCommissionRate: createFindCommissionRate({ catalogue, db }),
    takeNumber: createTakeNumber(sql, config.REGION),
    insertPolicy: createInsertPolicy(sql),
    poke: () => {
      pokes += 1;
    },
  };
  const health = { ready: true, checks: gslbChecks(ctx) };
  const app = createCoreApp(ctx, { config, registry: new Registry(), health });
  const owned = stack.move();
  return {
    ctx,
    app,
    config: config as CoreConfig,
    health,
    clock,
    logged,
    tick,
    databaseUrl: database.url('core'),
    adminUrl: database.adminUrl,
    /** Owns the tables. */
    admin: admin.sql as Sql,
    pokes: () => pokes,
    advance(ms: number) {
      clock.at = new Date(clock.at.getTime() + ms);
    },
    /** Takes events in as the consumer of `tariffs.v1` does. */
    consume: (...events: readonly Incoming[]) =>
      consumeTariffs({ db, log, refresh: catalogue.refresh }, tariffBatch(...events)),
    /** A call as edge forwards it. */
    async call(path: string, { method = 'GET', body, by, headers, signed, key = config.HOP_KEY }: Call = {}) {
      const hop = await signHop(key, { at: clock.at, method, path, body, partner: by }, signed);
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      return app.request(path, { method, headers: { [HOP_HEADER]: hop, ...json, ...headers }, ...(body && { body }) });
    },
    addPartner: (of: Partner) => setPartner(ctx, of),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export type TestCore = Awaited<ReturnType<typeof createTestCore>>;
