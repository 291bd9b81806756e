import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import { cachedAnswer } from './cached-answer.ts';
import { stateOf } from './freshness.ts';
import { moscowDay } from './moscow-day.ts';

const T0 = Date.parse('2026-11-22T10:00:00.000Z');
const config = parseConfig({ REGION: 'msk', CORE_URL: 'http://core.test', HOP_KEY });
const JSON_TYPE = 'application/json; charset=UTF-8';

/** What becomes of an answer that core is asked for at T0. */
async function kept(body: string, { target = '/v1/quotes/osago', contentType = JSON_TYPE } = {}) {
  const original = { fetchedAt: T0, contentType, body };
  const spelling = { target, day: moscowDay(T0) };
  return (await cachedAnswer({ config }, { original, spelling })).answer;
}
const at = (ms: number) => ({ expiresAt: new Date(T0 + ms).toISOString() });

describe('freshness', () => {
  it('whatever the offers, nothing is served when the first to end has less than 60 s, nor is fresh before it was asked for', async () => {
    const millis = fc.integer({ min: -3_600_000, max: 3_600_000 });
    await fc.assert(
      fc.asyncProperty(fc.array(millis, { minLength: 1, maxLength: 10 }), millis, async (ends, wait) => {
        const state = stateOf(await kept(JSON.stringify({ offers: ends.map(at) })), T0 + wait);
        expect(state === 'expired').toBe(Math.min(...ends) - wait <= 60_000);
        if (state !== 'expired') expect(state).toBe(0 <= wait && wait < 30_000 ? 'fresh' : 'stale');
      }),
    );
  });

  it('what is not understood is not kept, and what has no offers is asked for again after a second', async () => {
    const strange = ['', '{', '{"offers":{}}', '{"offers":"x"}', '{"offers":[{}]}', '{"offers":[null]}'];
    const mixed = JSON.stringify({ offers: [at(900_000), { expiresAt: 'soon' }] });
    for (const body of [...strange, mixed]) {
      expect(stateOf(await kept(body), T0)).toBe('expired');
    }
    for (const body of ['null', '{}', '{"offers":[]}']) {
      const answer = await kept(body);
      const states = [0, 999, 1_000, 299_999, 300_000].map((ms) => stateOf(answer, T0 + ms));
      expect(states).toEqual(['fresh', 'fresh', 'stale', 'stale', 'expired']);
    }
  });

  it('a quote of another product, region or day than was asked for is not kept', async () => {
    const quoteOf = (said: object) =>
      JSON.stringify({ product: 'osago', region: 'msk', offers: [at(900_000)], ...said });
    const good = [{}, { ratedAt: '2026-11-22T20:59:59.999Z' }, { ratedAt: '2026-11-21T21:00:00.000Z' }];
    const others = [{ product: 'travel' }, { region: 'nsk' }, { region: 7 }, { ratedAt: 'now' }];
    const days = [{ ratedAt: '2026-11-22T21:00:00.000Z' }, { ratedAt: '2026-11-21T20:59:59.999Z' }];
    const statesOf = (quotes: object[]) =>
      Promise.all(quotes.map(async (said) => stateOf(await kept(quoteOf(said)), T0)));
    expect(new Set(await statesOf(good))).toEqual(new Set(['fresh']));
    expect(new Set(await statesOf([...others, ...days]))).toEqual(new Set(['expired']));
  });

  it('places are fresh for 5 min and usable for 15, by their path alone, and only as JSON', async () => {
    const statesOf = async (target: string, contentType = JSON_TYPE) => {
      const places = await kept('{"items":[]}', { target, contentType });
      return [299_999, 300_000, 899_999, 900_000].map((ms) => stateOf(places, T0 + ms));
    };
    for (const target of ['/v1/localities', '/v1/localities?q=%D0%9A']) {
      expect(await statesOf(target)).toEqual(['fresh', 'stale', 'stale', 'expired']);
    }
    const others = [
      statesOf('/v1/products'),
      statesOf('/docs?/v1/localities'),
      statesOf('/v1/localities', 'text/html'),
    ];
    for (const states of await Promise.all(others)) expect(states).toEqual(['stale', 'expired', 'expired', 'expired']);
  });
});
