import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { all, ask, count, offerOf, QUOTE, secondsOf, type Victim } from '../attacker.testing.ts';

/** API6: unrestricted access to sensitive business flows. */
export function attackFlows(victim: () => Victim): void {
  const site = () => victim().keys.site;
  const edge = () => victim().region.edge;

  describe('API6:2023 sensitive business flows', () => {
    it('API6:2023 a purchase raced fifty times under one Idempotency-Key is one policy', async () => {
      const body = await offerOf(victim());
      const headers = { 'idempotency-key': randomUUID() };
      const answers = await all(50, () => ask(`${edge()}/v1/policies`, { key: site(), body, headers }));
      expect(count(answers, 201)).toBe(50);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers.filter((one) => one.headers.get('idempotency-replayed') === null)).toHaveLength(1);
      const cancel = { 'idempotency-key': randomUUID() };
      const path = `${edge()}/v1/policies/${answers[0]?.json.id}/cancel`;
      const cancelled = await all(50, () => ask(path, { key: site(), body: { reason: 'raced' }, headers: cancel }));
      expect([count(cancelled, 200), new Set(cancelled.map(({ text }) => text)).size]).toEqual([50, 1]);
      // By another key it is not cancelled, nor paid back, a second time.
      const again = await ask(path, { key: site(), body: { reason: 'once more' } });
      const { json: policy } = await ask(path.replace('/cancel', ''), { key: site() });
      expect(again.status === 200 ? again.json : policy).toEqual(cancelled[0]?.json);
    });

    it('API6:2023 quoting by script stays within the limit of its key, and takes nothing of anybody else', async () => {
      const { result, seconds } = await secondsOf(async () => {
        const script = all(150, (at) => ask(`${edge()}${QUOTE}&months=${3 + (at % 10)}`, { key: victim().keys.beta }));
        const others = await all(20, () => ask(edge() + QUOTE, { key: site() }));
        return { script: await script, others };
      });
      expect(count(result.script, 200)).toBeLessThanOrEqual(20 * seconds);
      expect(count(result.script, 200) + count(result.script, 429)).toBe(150);
      for (const { status, headers } of result.script) if (status === 429) expect(headers.get('retry-after')).toBe('1');
      expect(count(result.others, 200)).toBe(20);
    });
  });
}
