import { expect, it } from 'vitest';
import { ask, type Victim } from '../attacker.testing.ts';

/** API9: improper inventory management. */
export function attackInventory(victim: () => Victim): void {
  const site = () => victim().keys.site;
  const edge = () => victim().region.edge;

  it('API9:2023 improper inventory: what is described answers, what is not described is not there, and the page says the same', async () => {
    const { core, settlement, aggregator } = victim().region;
    const operator = victim().keys.operator;
    for (const [url, prefix, key] of [
      [edge(), '', site()],
      [core, '/operator', operator],
      [settlement, '', operator],
      [aggregator, '', operator],
    ] as const) {
      const { json } = await ask(`${url}${prefix}/openapi.json`);
      const described = Object.entries<object>(json.paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
      );
      const { text } = await ask(`${url}${prefix}/docs`);
      expect([...text.matchAll(/<h2 id="[^"]*"><code>([^<]*)<\/code>/g)].map(([, name]) => name)).toEqual(described);
      for (const name of described) {
        const [method = '', path = ''] = name.split(' ');
        const target = path.replaceAll(/\{\w+\}/g, 'zz');
        const answer = await ask(url + target, { key, method, ...(method !== 'GET' && { body: '' }) });
        // Not there is one thing, and a thing of which there is none another.
        expect([name, answer.status === 405, /There is nothing at/.test(answer.text)]).toEqual([name, false, false]);
      }
      const others = [
        '/',
        '/v0/products',
        '/v2/products',
        '/api/v1/products',
        '/v1',
        '/v1/admin',
        '/v1/partners',
        '/v1/users',
        '/graphql',
        '/swagger.json',
        '/openapi.yaml',
        '/.env',
        '/.git/config',
        '/debug',
        '/actuator/env',
        '/server-status',
        '/admin',
        '/v1/policies/export',
        '/V1/products',
        '/v1/quotes',
      ];
      for (const path of others) {
        const answer = await ask(url + path, { key });
        expect([url, path, [401, 404, 405].includes(answer.status)]).toEqual([url, path, true]);
      }
    }
  });
}
