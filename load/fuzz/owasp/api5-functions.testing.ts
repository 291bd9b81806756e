import { expect, it } from 'vitest';
import { ask, type Victim } from '../attacker.testing.ts';

/** API5: function level authorization. */
export function attackFunctions(victim: () => Victim): void {
  const site = () => victim().keys.site;
  const edge = () => victim().region.edge;

  it('API5:2023 function level authorization: no partner and nobody calls what is for operators, on any service, by any method', async () => {
    const { core, settlement, aggregator } = victim().region;
    const apis = [
      [core, '/operator/openapi.json'],
      [settlement, '/openapi.json'],
      [aggregator, '/openapi.json'],
    ] as const;
    const tried: string[] = [];
    for (const [url, document] of apis) {
      const { json } = await ask(url + document);
      for (const [path, operations] of Object.entries<object>(json.paths)) {
        const target = path
          .replace('{insurer}', 'volga')
          .replace('{period}', '2026-11')
          .replace('{id}', path.includes('dead') ? '1' : 'volga');
        for (const method of new Set([
          ...Object.keys(operations),
          'get',
          'put',
          'post',
          'delete',
          'patch',
          'head',
          'options',
        ])) {
          for (const key of [
            undefined,
            site(),
            victim().keys.alfa,
            `${victim().keys.operator}x`,
            victim().keys.operator.toLowerCase(),
          ]) {
            const body = ['get', 'head'].includes(method) ? {} : { body: {} };
            const { status } = await ask(url + target, { method: method.toUpperCase(), key, ...body });
            expect([method, target, status]).toEqual([method, target, 401]);
          }
          tried.push(`${method} ${path}`);
        }
        // What is an operator's is not there at the edge, whoever asks.
        for (const key of [site(), victim().keys.operator]) {
          const { status } = await ask(edge() + target, { key });
          expect([target, status]).toEqual([target, 404]);
        }
      }
    }
    expect(tried.length).toBeGreaterThan(90);
    for (const path of [
      '/metrics',
      '/internal/partners/site',
      '/internal/catalogue',
      '/operator/openapi.json',
      '/operator/docs',
    ])
      expect([path, (await ask(edge() + path, { key: victim().keys.operator })).status]).toEqual([path, 404]);
    expect([401, 429]).toContain((await ask(`${edge()}/v1/policies`, { key: victim().keys.operator })).status);
  });
}
