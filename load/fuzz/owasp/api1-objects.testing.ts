import { expect, it } from 'vitest';
import { sell } from '../../../local/sale.testing.ts';
import { ask, type Victim } from '../attacker.testing.ts';

/** API1: object level authorization. */
export function attackObjects(victim: () => Victim): void {
  const edge = () => victim().region.edge;

  it('API1:2023 object level authorization: another partner reads, lists, pages and cancels nothing that is not its own', async () => {
    const { alfa, beta } = victim().keys;
    const owned = [await sell(victim().region, alfa), await sell(victim().region, alfa)].map(({ policy }) => policy);
    for (const { id } of owned) {
      const absent = id.replace(/.{4}$/, 'ffff');
      for (const path of [id, absent]) {
        const read = await ask(`${edge()}/v1/policies/${path}`, { key: beta });
        const cancel = await ask(`${edge()}/v1/policies/${path}/cancel`, { key: beta, body: { reason: 'mine now' } });
        const head = await ask(`${edge()}/v1/policies/${path}`, { key: beta, method: 'HEAD' });
        expect([read.status, cancel.status, head.status]).toEqual([404, 404, 404]);
        // Of what is another's no more is told than of what is not there.
        expect(read.json.detail).toBe(`Policy "${path}" was not found`);
      }
    }
    const { json: page } = await ask(`${edge()}/v1/policies?limit=1`, { key: alfa });
    expect([page.items[0].id, page.nextCursor]).toEqual([owned[1]?.id, expect.any(String)]);
    for (const query of ['', `?cursor=${page.nextCursor}`]) {
      const stolen = await ask(`${edge()}/v1/policies${query}`, { key: beta });
      expect([stolen.status, stolen.json]).toEqual([200, { items: [] }]);
    }
    for (const policy of owned)
      expect((await ask(`${edge()}/v1/policies/${policy.id}`, { key: alfa })).json).toEqual(policy);
  });
}
