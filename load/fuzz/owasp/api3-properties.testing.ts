import { expect, it } from 'vitest';
import { Policy } from '#contracts/policy.ts';
import { HOLDER, sell } from '../../../local/sale.testing.ts';
import { ask, fieldsIn, offerOf, QUOTE, type Victim } from '../attacker.testing.ts';

/** API3: object property level authorization. */
export function attackProperties(victim: () => Victim): void {
  const site = () => victim().keys.site;
  const edge = () => victim().region.edge;

  it('API3:2023 object property level authorization: nothing that is ours to say can be sent, and a commission is told its own partner alone', async () => {
    const body = await offerOf(victim());
    const ours = [
      'id',
      'number',
      'status',
      'insurer',
      'premium',
      'premiumMinor',
      'partner',
      'partnerId',
      'commission',
      'commissionRateBps',
      'region',
      'tariffVersion',
      'endsOn',
      'issuedAt',
      'refund',
      '__proto__',
      'constructor',
    ];
    for (const name of ours) {
      const sent = `{"${name}":1,${JSON.stringify(body).slice(1)}`;
      const refused = await ask(`${edge()}/v1/policies`, { key: site(), body: sent });
      expect([name, refused.status, fieldsIn(refused)]).toEqual([name, 400, [name]]);
    }
    const { policy } = await sell(victim().region, victim().keys.alfa);
    expect(policy.commission?.amountMinor).toBeGreaterThan(0);
    const more = await ask(`${edge()}/v1/policies/${policy.id}/cancel`, {
      key: victim().keys.alfa,
      body: { reason: 'x', refund: 1 },
    });
    expect([more.status, fieldsIn(more)]).toEqual([400, ['refund']]);
    const read = await ask(`${edge()}/v1/policies/${policy.id}`, { key: victim().keys.alfa });
    expect(Policy.parse(read.json)).toEqual(policy);
    for (const key of [site(), victim().keys.beta]) {
      expect((await ask(edge() + QUOTE, { key })).text).not.toMatch(/commission/i);
      expect((await ask(`${edge()}/v1/products`, { key })).text).not.toMatch(/commission/i);
    }
    expect(read.text).not.toMatch(new RegExp(Object.values(HOLDER).join('|').replaceAll('+', '\\+')));
  });
}
