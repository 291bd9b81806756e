import { describe, expect, it } from 'vitest';
import { quote } from '../../../local/sale.testing.ts';
import { ask, type Victim } from '../attacker.testing.ts';

/** API10: unsafe consumption of APIs. */
export function attackThroughInsurers(victim: () => Victim): void {
  const site = () => victim().keys.site;

  describe('API10:2023 unsafe consumption of APIs', () => {
    it('API10:2023 what an insurer says wrong, huge, cut off or absurd is not believed, and what it said before is sold on', async () => {
      const { aggregator } = victim().region;
      const premiums = async () =>
        (await quote(victim().region, site())).offers.map(({ insurer, premium }) => [insurer, premium.amountMinor]);
      const before = await premiums();
      for (const [insurer, fault] of [
        ['volga', 'huge'],
        ['ural', 'wrong-schema'],
        ['baikal', 'truncated'],
        ['don', 'wrong-content-type'],
        ['lena', 'absurd-price'],
        ['volga', 'reset'],
        ['ural', '500'],
        ['lena', 'huge'],
        ['baikal', 'wrong-schema'],
      ]) {
        await ask(`${victim().insurers}/control/${insurer}/fault`, { method: 'PUT', body: { fault } });
        const polled = await ask(`${aggregator}/v1/insurers/${insurer}/poll`, {
          key: victim().keys.operator,
          body: {},
        });
        await ask(`${victim().insurers}/control/${insurer}/fault`, { method: 'DELETE' });
        expect([insurer, fault, polled.status, ['failed', 'quarantined'].includes(polled.json.status)]).toEqual([
          insurer,
          fault,
          200,
          true,
        ]);
      }
      expect(await premiums()).toEqual(before);
    });
  });
}
