import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { compactVerify } from 'jose';
import { CATALOGUE_REVISION_HEADER } from '#contracts/catalogue-revision.ts';
import { HOP_HEADER, HopClaims } from '#contracts/hop.ts';
import type { Partner } from '#contracts/partner.ts';

export const HOP_KEY = 'aG9wLWtleS1vZi10aGUtdGVzdHMtMzItYnl0ZXMtISE';

/** A call as core saw it, with what its hop was good for. */
export interface SeenCall {
  method: string;
  target: string;
  headers: Headers;
  body: string;
  claims: HopClaims | undefined;
}

/** A partner, its key, and the key's digest as core would keep it. */
export function demoPartner(id: string, limitPerSecond: number): { key: string; partner: Partner } {
  const key = `ik_${id}_${createHash('sha256').update(id).digest('base64url')}`;
  const keyDigests = [createHash('sha256').update(key).digest('hex')];
  return { key, partner: { id, name: id, limitPerSecond, commissionRateBps: 1_000, keyDigests } };
}

export const ALFA = demoPartner('alfa', 20);
export const BETA = demoPartner('beta', 20);
export const SITE = demoPartner('site', 1_000);

/** A core that checks hops as the real one does, and sells one offer that lives 15 minutes. */
export function createFakeCore(options: { now: () => number }) {
  const core = {
    seen: [] as SeenCall[],
    partners: new Map([ALFA, BETA, SITE].map(({ partner }) => [partner.id, partner])),
    offerTtlMs: 15 * 60_000,
    /** Ends of offers at one moment instead, ms since 1970. */
    offersEndAt: undefined as number | undefined,
    /** Cannot say who a partner is, while the rest works. */
    partnersAway: false,
    /** Answers quotes with this status. */
    refuses: undefined as number | undefined,
    /** Quotes and lists of policies wait for this. */
    gate: Promise.resolve() as Promise<unknown>,
    /** The revision that the next answer is of; undefined is a core of an earlier release. */
    revision: (): string | undefined => 'a'.repeat(16),
    /** Answers everything with this redirect. */
    redirect: undefined as number | undefined,
    app: new Hono<{ Variables: { claims: HopClaims } }>(),
    /** Calls whose path begins so. */
    callsTo: (path: string) => core.seen.filter(({ target }) => target.startsWith(path)),
  };
  const { app } = core;
  app.use(async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    const body = await c.req.text();
    const target = pathname + search;
    const claims = await readHop(c.req.header(HOP_HEADER), { method: c.req.method, target, body, now: options.now() });
    core.seen.push({ method: c.req.method, target, headers: new Headers(c.req.raw.headers), body, claims });
    if (!claims) return c.json({ type: 'unauthenticated' }, 401);
    c.set('claims', claims);
    if (core.redirect) return c.body(null, core.redirect as 302, { location: 'http://evil.test/' });
    return next();
  });
  app.get('/healthz/gslb', (c) => c.json({ status: 'ok', checks: { database: 'ok' } }));
  app.get('/openapi.json', (c) => c.json({ openapi: '3.1.0' }));
  app.get('/docs', (c) => c.html('<!doctype html><title>API</title>'));
  app.get('/internal/partners/:id', (c) => {
    if (core.partnersAway) return c.json({ type: 'core-unavailable' }, 503);
    const partner = core.partners.get(c.req.param('id'));
    return partner ? c.json(partner) : c.json({ type: 'not-found' }, 404);
  });
  const told = (revision: string | undefined): Record<string, string> =>
    revision === undefined ? {} : { [CATALOGUE_REVISION_HEADER]: revision };
  app.get('/internal/catalogue', (c) => {
    const revision = core.revision();
    return revision ? c.json({ revision }) : c.json({ type: 'not-found' }, 404);
  });
  app.get('/v1/products', (c) => c.json({ items: [{ product: 'osago' }] }, 200, told(core.revision())));
  app.get('/v1/localities', (c) => {
    const q = c.req.query('q');
    return q ? c.json({ items: [{ subject: q, locality: q }] }) : c.json({ type: 'invalid-request' }, 400);
  });
  app.get('/v1/quotes/:product', async (c) => {
    await core.gate;
    if (c.req.param('product') !== 'osago') return c.json({ type: 'not-found' }, 404);
    if (core.refuses) return c.json({ type: 'refused' }, core.refuses as 400);
    if (c.req.query('kbm') === 'rubbish') return c.json({ type: 'invalid-request' }, 400);
    const expiresAt = new Date(core.offersEndAt ?? options.now() + core.offerTtlMs).toISOString();
    const count = core.callsTo('/v1/quotes').length;
    const revision = core.revision();
    const offers = [{ token: `t${count}`, expiresAt }];
    return c.json({ product: 'osago', rated: count, revision, risk: c.req.query(), offers }, 200, told(revision));
  });
  app.post('/v1/policies', async (c) => {
    const policy = { id: 'msk-1', partner: c.get('claims').partner, key: c.req.header('idempotency-key') };
    return c.json(policy, 201, { 'idempotency-replayed': 'true', 'x-secret': 'internal', 'set-cookie': 'a=b' });
  });
  app.post('/v1/policies/:id/cancel', (c) => {
    const policy = { id: c.req.param('id'), status: 'cancelled', partner: c.get('claims').partner };
    return c.json(policy, 200, { 'idempotency-replayed': 'true', 'x-secret': 'internal' });
  });
  app.get('/v1/policies', async (c) => {
    await core.gate;
    return c.json({ items: [], asked: c.req.query(), partner: c.get('claims').partner });
  });
  app.get('/v1/policies/:id', (c) => c.json({ id: c.req.param('id'), partner: c.get('claims').partner }));
  return core;
}
export type FakeCore = ReturnType<typeof createFakeCore>;

interface Call {
  method: string;
  target: string;
  body: string;
  now: number;
}

/** The claims of a hop that is good for this very call now; undefined for any other. */
export async function readHop(token: string | undefined, call: Call): Promise<HopClaims | undefined> {
  if (!token) return undefined;
  try {
    const { payload } = await compactVerify(token, Buffer.from(HOP_KEY, 'base64url'), { algorithms: ['HS256'] });
    const claims = HopClaims.parse(JSON.parse(new TextDecoder().decode(payload)));
    const digest = createHash('sha256').update(call.body).digest('base64url');
    const lives = claims.iat <= call.now / 1000 && call.now / 1000 < claims.exp && claims.exp - claims.iat <= 30;
    const isThisCall = claims.method === call.method && claims.path === call.target && claims.bodyDigest === digest;
    return lives && isThisCall ? claims : undefined;
  } catch {
    return undefined;
  }
}
