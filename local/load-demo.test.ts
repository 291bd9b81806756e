import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { serve } from '#platform/lifecycle/serve.ts';
import { firstQuote } from './load-demo.ts';
import { parseOptions } from './options.ts';
import { planRegions } from './plan.ts';

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
