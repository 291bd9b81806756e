import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { PartnerTerms } from '#contracts/partner.ts';
import { serve } from '#platform/lifecycle/serve.ts';
import { firstQuote, loadPartners } from './load-demo.ts';
import { parseOptions } from './options.ts';
import { planRegions } from './plan.ts';
import { digestOf } from './secrets.ts';

test('firstQuote waits for as many insurers of OSAGO as are started, whatever the other products have', async () => {
  const sellers = [['volga'], ['volga', 'don'], ['volga', 'don', 'ural']];
  let asked = 0;
  const edge = new Hono()
    .get('/v1/products', (c) => {
      const insurers = sellers[Math.min(asked, sellers.length - 1)];
      asked += 1;
      const travel = { product: 'travel', insurers: ['volga', 'don', 'ural', 'lena'] };
      return c.json({ items: [travel, { product: 'osago', insurers }] });
    })
    .get('/v1/quotes/osago', (c) => c.json({ offers: [{ asked }, {}] }));
  await using listening = await serve((request) => edge.fetch(request), { host: '127.0.0.1', port: 0, quietMs: 20 });
  const [plan] = planRegions(parseOptions(['--regions', 'msk']));
  if (!plan) throw new Error('no plan');
  const region = { ...plan, ports: { ...plan.ports, edge: listening.port } };
  expect(await firstQuote(region, { key: 'ik_site', insurers: 3 })).toBe(2);
  expect(asked).toBe(3);
});

test('loadPartners sets who is not there or lacks the key, and leaves to others the terms that an operator gave them', async () => {
  const keys = { site: 'ik_site', alfa: 'ik_alfa', beta: 'ik_beta', operator: 'the-operator' };
  const given = (key: string) => ({ name: 'x', limitPerSecond: 7, commissionRateBps: 1, keyDigests: [digestOf(key)] });
  const terms = new Map<string, PartnerTerms>([
    ['alfa', given(keys.alfa)],
    ['beta', given('ik_of_another_demo')],
  ]);
  const core = new Hono()
    .get('/v1/partners/:id', (c) =>
      c.json(terms.get(c.req.param('id')) ?? {}, terms.has(c.req.param('id')) ? 200 : 404),
    )
    .put('/v1/partners/:id', async (c) => {
      terms.set(c.req.param('id'), await c.req.json());
      return c.json({});
    });
  await using listening = await serve((request) => core.fetch(request), { host: '127.0.0.1', port: 0, quietMs: 20 });
  const [plan] = planRegions(parseOptions(['--regions', 'msk']));
  if (!plan) throw new Error('no plan');
  await loadPartners({ ...plan, ports: { ...plan.ports, core: listening.port } }, keys);
  expect(terms.get('alfa')).toEqual(given(keys.alfa));
  expect([terms.get('site')?.keyDigests, terms.get('site')?.limitPerSecond]).toEqual([[digestOf(keys.site)], 1_000]);
  expect([terms.get('beta')?.keyDigests, terms.get('beta')?.limitPerSecond]).toEqual([[digestOf(keys.beta)], 20]);
});
