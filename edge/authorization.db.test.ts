import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { createTestCore, HOLDER, query, type TestCore, tariff } from '../core/core.testing.ts';
import { countWritten } from '../core/policies/policies.testing.ts';
import { requestQuote } from '../core/quotes/request-quote.ts';
import { demoPartner } from './fake-core.testing.ts';
import { type EdgeBeforeCore, openEdgeBefore } from './real-core.testing.ts';

const OWNER = demoPartner('alfa', 100_000);
const OTHER = demoPartner('beta', 100_000);
const STRANGER = demoPartner('nobody', 20);
/** It has no key any more. */
const REVOKED = demoPartner('gamma', 20);
const OPERATOR_ELSEWHERE = 'operator-token-of-another-region-32ch';

/** A route as the edge's own description tells it. */
interface Route {
  readonly name: string;
  readonly path: string;
  readonly needsKey: boolean;
  readonly statuses: readonly number[];
  readonly parameters: readonly Parameter[];
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: { example?: unknown; enum?: unknown[] };
}
interface Operation {
  security?: object[];
  responses: object;
  parameters?: Parameter[];
}
interface Description {
  security?: object[];
  paths: Record<string, Record<string, Operation>>;
}

let core: TestCore;
let edge: EdgeBeforeCore;
let routes: Route[];
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  for (const { partner } of [OWNER, OTHER]) await core.addPartner(partner);
  await core.addPartner({ ...REVOKED.partner, keyDigests: [] });
  edge = openEdgeBefore(core);
  routes = routesOf((await (await edge.request('/openapi.json')).json()) as Description);
});
afterAll(() => core[Symbol.asyncDispose]());

function routesOf({ paths, security = [] }: Description): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      needsKey: (operation.security ?? security).length > 0,
      statuses: Object.keys(operation.responses).map(Number),
      parameters: operation.parameters ?? [],
    })),
  );
}

/** A request that is good for its route, about a policy of the owner where it is about one. */
type Example = (route: Route) => Promise<{ target: string; body?: object }> | { target: string; body?: object };

/** A read whose description gives an example of each parameter that it needs. */
const described: Example = ({ path, parameters }) => {
  const needed = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const values = needed.map(({ name, schema }) => [name, String(schema.example ?? schema.enum?.[0])]);
  return { target: values.length > 0 ? `${path}?${new URLSearchParams(values)}` : path };
};

const EXAMPLES: Record<string, Example> = {
  'GET /v1/products': described,
  'GET /v1/localities': described,
  'GET /v1/quotes/osago': () => ({ target: `/v1/quotes/osago?${query()}` }),
  'GET /v1/quotes/travel': described,
  'GET /v1/quotes/property': described,
  'GET /v1/quotes/life': described,
  'GET /v1/quotes/{product}': () => ({ target: `/v1/quotes/osago?${query({ kbm: '3' })}` }),
  'POST /v1/policies': () => ({ target: '/v1/policies', body: newIssue() }),
  'GET /v1/policies': described,
  'GET /v1/policies/{id}': async () => ({ target: `/v1/policies/${await sell()}` }),
  'POST /v1/policies/{id}/cancel': async () => ({
    target: `/v1/policies/${await sell()}/cancel`,
    body: { reason: 'The car was sold' },
  }),
};

function newIssue(): object {
  const [offer] = requestQuote(core.ctx, { product: 'osago', query: query() }).offers;
  return { offer: offer?.token, holder: HOLDER, startsOn: '2026-11-23' };
}

let keys = 0;
function call(target: string, options: { method: string; body?: object; authorization?: string }) {
  const { method, body, authorization } = options;
  keys += 1;
  const headers = {
    ...(body && { 'content-type': 'application/json', 'idempotency-key': `key-of-example-${keys}` }),
    ...(authorization !== undefined && { authorization }),
  };
  return edge.request(target, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** The id of a new policy of the owner. */
async function sell(): Promise<string> {
  const issue = { method: 'POST', body: newIssue(), authorization: CALLERS['the owner']() as string };
  const { id } = (await (await call('/v1/policies', issue)).json()) as { id: string };
  return id;
}

/** Who calls, by what they write in Authorization. */
const CALLERS = {
  nobody: () => undefined,
  'an anonymous': () => 'Bearer',
  'one without a scheme': () => OWNER.key,
  'a stranger': () => `Bearer ${STRANGER.key}`,
  'a guesser': () => `Bearer ik_alfa_${'A'.repeat(43)}`,
  'one revoked': () => `Bearer ${REVOKED.key}`,
  'the owner': () => `Bearer ${OWNER.key}`,
  'another partner': () => `Bearer ${OTHER.key}`,
  'an operator': () => `Bearer ${core.config.OPERATOR_TOKEN}`,
  'an operator of another region': () => `Bearer ${OPERATOR_ELSEWHERE}`,
} as const;
type Who = keyof typeof CALLERS;
const GOOD: readonly Who[] = ['the owner', 'another partner'];
const EVERYBODY = Object.keys(CALLERS) as Who[];

const bearer = (who: Who): { authorization?: string } => {
  const authorization = CALLERS[who]();
  return authorization === undefined ? {} : { authorization };
};

/** The law: what is declared to need a key is for partners, what is about a policy for its own, and no false key is good anywhere. */
function lawOf({ path, needsKey, statuses }: Route, who: Who): number | undefined {
  if (who !== 'nobody' && !GOOD.includes(who)) return 401;
  if (who === 'nobody' && needsKey) return 401;
  if (who === 'another partner' && path.includes('{id}')) return 404;
  return statuses.find((status) => status >= 200 && status < 300);
}

describe('every route of the description', () => {
  it('has an example here, and every example a route', () => {
    expect(routes.map(({ name }) => name).sort()).toEqual(Object.keys(EXAMPLES).sort());
  });

  it('is declared by one who meant it: writes and policies need a key, and nothing else does', () => {
    const needy = routes.filter(({ needsKey }) => needsKey).map(({ name }) => name);
    expect(needy).toEqual(
      routes.map(({ name }) => name).filter((name) => !name.startsWith('GET') || /policies/.test(name)),
    );
  });

  test.each(Object.entries(EXAMPLES))(
    '%s answers each kind of caller as declared, and a refusal writes nothing',
    async (name, example) => {
      const route = routes.find((each) => each.name === name);
      if (!route) throw new Error(`There is no route ${name}`);
      const [method = ''] = name.split(' ');
      const found: Record<string, unknown> = {};
      for (const who of EVERYBODY) {
        const { target, body } = await example(route);
        const before = await countWritten(core);
        const { status } = await call(target, { method, ...(body && { body }), ...bearer(who) });
        const changed = JSON.stringify(await countWritten(core)) !== JSON.stringify(before);
        found[who] = { status, isDeclared: route.statuses.includes(status), changed };
      }
      const law = EVERYBODY.map((who) => {
        const status = lawOf(route, who);
        return [who, { status, isDeclared: true, changed: method === 'POST' && (status ?? 500) < 300 }];
      });
      expect(found).toEqual(Object.fromEntries(law));
    },
  );

  test.each(Object.entries(EXAMPLES))('%s gives by another method no more than by its own', async (name, example) => {
    const path = name.split(' ')[1] ?? '';
    const own = Object.keys(EXAMPLES).filter((each) => each.endsWith(` ${path}`));
    const methods = own.map((each) => each.split(' ')[0] ?? '');
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      if (methods.includes(method)) continue;
      for (const who of ['nobody', 'an operator', 'another partner', 'the owner'] as const) {
        const { target, body } = await example(routes.find((each) => each.name === name) as Route);
        const before = await countWritten(core);
        const hasBody = body && !['GET', 'HEAD'].includes(method);
        const answer = await call(target, { method, ...(hasBody && { body }), ...bearer(who) });
        const isRead = method === 'HEAD' && methods.includes('GET');
        const law = isRead ? lawOf(routes.find((each) => each.name === `GET ${path}`) as Route, who) : undefined;
        const refusal = GOOD.includes(who) || (who === 'nobody' && !path.includes('policies')) ? 405 : 401;
        expect([method, who, answer.status]).toEqual([method, who, law ?? refusal]);
        expect(await answer.text()).toMatch(isRead ? /^$/ : /problem|^$/);
        expect(await countWritten(core)).toEqual(before);
      }
    }
  });

  it("of a list of policies shows a partner its own, and none of another's", async () => {
    const id = await sell();
    const listOf = async (who: Who) => (await call('/v1/policies?limit=100', { method: 'GET', ...bearer(who) })).text();
    expect(await listOf('the owner')).toContain(id);
    const others = JSON.parse(await listOf('another partner')) as { items: { id: string }[] };
    for (const item of others.items)
      expect((await call(`/v1/policies/${item.id}`, { method: 'GET', ...bearer('the owner') })).status).toBe(404);
    expect(JSON.stringify(others)).not.toContain(id);
  });
});

describe('what core has besides', () => {
  /** The edge has these of its own, or tells core's. */
  const PROBES = ['/healthz/live', '/healthz/ready', '/healthz/gslb', '/openapi.json', '/docs'].map(
    (path) => `GET ${path}`,
  );
  /** The other methods and addresses that core answers. */
  const inside = () => {
    const open = new Set([...routes.map(({ name }) => name.replaceAll(/\{(\w+)\}/g, ':$1')), ...PROBES]);
    const all = core.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
    return [...new Set(all)].filter((name) => !open.has(name));
  };

  it('is known here: operators’ routes, edge’s own, metrics', () => {
    expect(inside().sort()).toEqual([
      'GET /internal/catalogue',
      'GET /internal/partners/:id',
      'GET /metrics',
      'GET /operator/docs',
      'GET /operator/openapi.json',
      'GET /v1/drain',
      'GET /v1/outbox',
      'GET /v1/partners/:id',
      'POST /v1/outbox/replay',
      'PUT /v1/drain',
      'PUT /v1/partners/:id',
    ]);
  });

  it('is not there through the edge, whoever asks: 404, and core is not called', async () => {
    const before = edge.calls.length;
    for (const name of inside()) {
      const [method = '', path = ''] = name.split(' ');
      const target = path.replaceAll(/:\w+/g, 'alfa');
      for (const who of EVERYBODY) {
        const body = method === 'GET' ? {} : { body: OWNER.partner };
        const { status } = await call(target, { method, ...body, ...bearer(who) });
        expect([name, who, status]).toEqual([name, who, 404]);
      }
    }
    expect(edge.calls.slice(before)).toEqual([]);
  });
});
