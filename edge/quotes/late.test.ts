import { describe, expect, it } from 'vitest';
import type { Quote } from '#contracts/quote.ts';
import { tariff } from '../../core/core.testing.ts';
import { slugOf } from '../edge.testing.ts';
import { createQuotingRegion } from './quoting-region.testing.ts';
import { createScriptedCore } from './scripted-core.testing.ts';

const CAR = 'category=B&owner=individual&subject=Москва&drivers=22:1,35:10&powerHp=106';

/** A second before midnight in Moscow, core's answers take two. */
async function askBeforeMidnight(query: string) {
  const region = createQuotingRegion({ startAt: Date.parse('2026-11-22T20:59:59.000Z') });
  region.core.publish(tariff('volga'));
  region.met.coreMs = 2_000;
  const answer = await region.edges[0]?.ask(`/v1/quotes/osago?${query}`);
  if (!answer) throw new Error('a region without an edge');
  return { answer, region, calls: region.core.seen.length };
}

describe('a quote whose offers ended while it was on its way', () => {
  it('over midnight is asked for again, so that its cover begins tomorrow', async () => {
    const { answer, calls, region } = await askBeforeMidnight(CAR);
    const { risk, offers } = (await answer.json()) as Quote;
    expect([answer.status, calls, risk.startsOn]).toEqual([200, 2, '2026-11-24']);
    for (const { expiresAt } of offers) expect(Date.parse(expiresAt)).toBeGreaterThan(region.clock.now());
  });

  it('and whose cover would have begun meanwhile is refused as core refuses it', async () => {
    const { answer, calls } = await askBeforeMidnight(`${CAR}&startsOn=2026-11-23`);
    expect([answer.status, calls, await slugOf(answer)]).toEqual([400, 2, 'invalid-request']);
  });

  it('twice is 503, and no third call', async () => {
    const { ask, calls } = createScriptedCore(() => ({ offerTtlMs: 0 }));
    await expect(ask('/v1/quotes/osago')).rejects.toMatchObject({ slug: 'core-unavailable' });
    expect(calls).toHaveLength(2);
  });
});
