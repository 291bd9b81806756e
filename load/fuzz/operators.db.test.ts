import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestRoom, lineOf, tariff } from '../../aggregator/aggregator.testing.ts';
import { createAggregatorApp } from '../../aggregator/app.ts';
import { parseConfig } from '../../aggregator/config.ts';
import { startSchedule } from '../../aggregator/schedule.ts';
import { createTestCore } from '../../core/core.testing.ts';
import { demoPartner } from '../../edge/fake-core.testing.ts';
import { handleBatch } from '../../settlement/intake/handle-batch.ts';
import { batchOf, createTestContext, issued } from '../../settlement/testing.ts';

// Who may do what of the operators' calls of all services: route by caller, made from their own descriptions. The calls of
// partners have the same in edge/authorization.db.test.ts.

const TOKEN = 'operator-token-for-tests-only-32chars';
const OTHER_REGION = 'operator-token-of-another-region-32ch';
const PARTNER = demoPartner('alfa', 100_000);

type Request = (path: string, init?: RequestInit) => Response | Promise<Response>;
interface Api {
  readonly request: Request;
  readonly routes: readonly { method: string; path: string }[];
  readonly document: string;
}

const stack = new AsyncDisposableStack();
const apis: Record<string, Api> = {};
beforeAll(async () => {
  const core = stack.use(await createTestCore());
  await core.addPartner(PARTNER.partner);
  apis['core'] = {
    request: (...args) => core.app.request(...args),
    routes: core.app.routes,
    document: '/operator/openapi.json',
  };

  const settlement = stack.use(await createTestContext());
  // A sale, so that there is a register, and what nobody can read, so that there is a dead letter.
  await handleBatch(settlement.ctx, batchOf(issued(2, 1), 'junk'));
  apis['settlement'] = {
    request: (...args) => settlement.app.request(...args),
    routes: settlement.app.routes,
    document: '/openapi.json',
  };

  const room = stack.use(await createTestRoom());
  const { ctx } = room.context([lineOf('volga', async () => [tariff(500_000)])]);
  const schedule = stack.use(startSchedule({ ...ctx, lines: [] }));
  const config = parseConfig({
    REGION: 'msk',
    PORT: '0',
    DATABASE_URL: 'postgres://aggregator@127.0.0.1:1/insuretech',
    OPERATOR_TOKEN: TOKEN,
    INSURERS: 'volga=http://insurers.test/volga',
  });
  const aggregator = createAggregatorApp(ctx, {
    config,
    schedule,
    registry: new Registry(),
    health: { ready: true, checks: {} },
  });
  apis['aggregator'] = {
    request: (...args) => aggregator.request(...args),
    routes: aggregator.routes,
    document: '/openapi.json',
  };
});
afterAll(() => stack.disposeAsync());

/** Who calls, by what they write in Authorization. */
const CALLERS: Record<string, string | undefined> = {
  nobody: undefined,
  'an empty one': '',
  'a scheme alone': 'Bearer',
  'another scheme': `Basic ${Buffer.from(`operator:${TOKEN}`).toString('base64')}`,
  'a token without a scheme': TOKEN,
  'a token cut off': `Bearer ${TOKEN.slice(0, -1)}`,
  'a token and more': `Bearer ${TOKEN}, Bearer ${TOKEN}`,
  'a stranger': 'Bearer some-token-that-is-of-nobody-at-all-32',
  'a partner': `Bearer ${PARTNER.key}`,
  'an operator of another region': `Bearer ${OTHER_REGION}`,
};

interface Example {
  readonly target: string;
  readonly body?: object;
  readonly status: number;
}
const TERMS = { name: 'Gamma', limitPerSecond: 1, commissionRateBps: 0, keyDigests: [] };
/** For each call what is good for it, and what an operator gets. Of what has no other tenant than the region there is none. */
const EXAMPLES: Record<string, Record<string, Example>> = {
  core: {
    'GET /v1/partners/{id}': { target: '/v1/partners/alfa', status: 200 },
    'PUT /v1/partners/{id}': { target: '/v1/partners/gamma', body: TERMS, status: 200 },
    'GET /v1/outbox': { target: '/v1/outbox', status: 200 },
    'POST /v1/outbox/replay': { target: '/v1/outbox/replay', body: { from: 'beginning', reason: 'x' }, status: 200 },
    'GET /v1/drain': { target: '/v1/drain', status: 200 },
    'PUT /v1/drain': { target: '/v1/drain', body: { drained: false, reason: 'x' }, status: 200 },
  },
  settlement: {
    'GET /v1/registers/{insurer}/{period}': { target: '/v1/registers/volga/2026-11', status: 200 },
    'POST /v1/registers/{insurer}/{period}/close': {
      target: '/v1/registers/volga/2026-10/close',
      body: { force: true, reason: 'x' },
      status: 200,
    },
    'GET /v1/ledger/accounts': { target: '/v1/ledger/accounts', status: 200 },
    'GET /v1/reconciliation': { target: '/v1/reconciliation?period=2026-11', status: 200 },
    'GET /v1/dead-letters': { target: '/v1/dead-letters', status: 200 },
    'GET /v1/dead-letters/{id}': { target: '/v1/dead-letters/1', status: 200 },
    'POST /v1/dead-letters/{id}/replay': { target: '/v1/dead-letters/1/replay', body: {}, status: 200 },
    'POST /v1/dead-letters/{id}/dismiss': { target: '/v1/dead-letters/1/dismiss', body: { reason: 'x' }, status: 200 },
  },
  aggregator: {
    'GET /v1/insurers': { target: '/v1/insurers', status: 200 },
    'POST /v1/insurers/{id}/poll': { target: '/v1/insurers/volga/poll', body: {}, status: 200 },
    'POST /v1/insurers/{id}/quarantine/release': {
      target: '/v1/insurers/volga/quarantine/release',
      body: { why: 'x' },
      // Nothing is put aside: an operator is told so, others are told nothing.
      status: 404,
    },
  },
};
const SERVICES = Object.keys(EXAMPLES);
const apiOf = (service: string) => apis[service] as Api;

async function statusOf(
  service: string,
  {
    target,
    method,
    body,
    authorization,
  }: { target: string; method: string; body?: object | undefined; authorization?: string | undefined },
) {
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
  const answer = await apiOf(service).request(target, {
    method,
    headers: {
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(authorization !== undefined && { authorization }),
    },
    ...(hasBody && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, allow: answer.headers.get('allow') };
}

async function describedOf(service: string): Promise<{ name: string; secured: boolean; statuses: number[] }[]> {
  const { request, document } = apiOf(service);
  const { paths } = (await (await request(document)).json()) as {
    paths: Record<string, Record<string, { security?: object[]; responses: object }>>;
  };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security = [], responses }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      secured: security.length > 0,
      statuses: Object.keys(responses).map(Number),
    })),
  );
}

describe.each(SERVICES)('%s', (service) => {
  const examples = EXAMPLES[service] ?? {};

  it('has an example here for each call that it describes, and each needs the token', async () => {
    const described = await describedOf(service);
    expect(described.map(({ name }) => name).sort()).toEqual(Object.keys(examples).sort());
    expect(described.filter(({ secured }) => !secured)).toEqual([]);
  });

  it('describes every route that it has, but probes, pages, and what is for the edge alone', async () => {
    const own = /^\/(healthz\/(live|ready|gslb)|metrics|(operator\/)?(docs|openapi\.json)|internal\/.*)$/;
    const forEdge = /^\/v1\/(products|localities|quotes|policies)/;
    const there = apiOf(service).routes.filter(
      ({ method, path }) => method !== 'ALL' && !own.test(path) && !(service === 'core' && forEdge.test(path)),
    );
    const names = there.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect([...new Set(names)].sort()).toEqual(Object.keys(examples).sort());
  });

  it.each(Object.entries(examples))(
    '%s is for an operator of this region alone',
    async (name, { target, body, status }) => {
      const method = name.split(' ')[0] ?? '';
      const described = (await describedOf(service)).find((each) => each.name === name);
      for (const [who, authorization] of Object.entries(CALLERS)) {
        const found = await statusOf(service, { target, method, body, authorization });
        expect([who, found.status]).toEqual([who, 401]);
      }
      const operator = await statusOf(service, { target, method, body, authorization: `Bearer ${TOKEN}` });
      expect([operator.status, described?.statuses.includes(operator.status)]).toEqual([status, true]);
    },
  );

  it.each(Object.entries(examples))(
    '%s gives by another method nothing to others, and to an operator what there is',
    async (name, { target, body }) => {
      const path = name.split(' ')[1] ?? '';
      const own = Object.keys(examples)
        .filter((each) => each.endsWith(` ${path}`))
        .map((each) => each.split(' ')[0] ?? '');
      const allowed = own.includes('GET') ? [...own, 'HEAD'] : own;
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
        if (own.includes(method)) continue;
        for (const authorization of [undefined, `Bearer ${PARTNER.key}`])
          expect([method, (await statusOf(service, { target, method, body, authorization })).status]).toEqual([
            method,
            401,
          ]);
        const found = await statusOf(service, { target, method, body, authorization: `Bearer ${TOKEN}` });
        const isRead = method === 'HEAD' && own.includes('GET');
        expect([method, found]).toEqual([
          method,
          isRead ? { status: 200, allow: null } : { status: 405, allow: allowed.sort().join(', ') },
        ]);
      }
    },
  );
});
