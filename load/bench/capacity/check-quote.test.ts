import { describe, expect, it } from 'vitest';
import { createQuoteCheck } from './check-quote.ts';

const RISK = { target: '/v1/quotes/osago?powerHp=110', powerHp: 110, startsOn: '2026-12-01' };
const quote = (powerHp: number, amountMinor: number) =>
  Buffer.from(
    JSON.stringify({
      risk: { powerHp },
      offers: [{ premium: { amountMinor }, breakdown: { base: '100.01', factors: [{ code: 'KT', value: '1.5' }] } }],
    }),
  );

describe('a quote', () => {
  it('is right when it is of the risk, and its premium the product of its breakdown', () => {
    expect(createQuoteCheck()(quote(110, 15_002), RISK)).toBeUndefined();
  });

  it('is wrong when it is of another risk, or a kopeck off', () => {
    expect(createQuoteCheck()(quote(1_100, 15_002), RISK)).toContain('another risk');
    expect(createQuoteCheck()(quote(110, 15_001), RISK)).toContain('15001 kopecks');
  });

  it('is worked out once in a hundred times', () => {
    const check = createQuoteCheck();
    const wrong = Array.from({ length: 201 }, () => check(quote(110, 15_001), RISK)).map((why) => why !== undefined);
    expect(wrong.flatMap((is, at) => (is ? [at] : []))).toEqual([0, 100, 200]);
  });
});
