import { expect, test } from 'vitest';
import { checkProbes, checkRetryAfter } from './retry-after.ts';

const refused = (retryAfter: string | null) => ({ caller: 'alfa', status: 429, retryAfter }) as const;

test.each([null, '', '0', '-1', '0.4', '1.5', '60', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT'])(
  'D1 a 429 with Retry-After %j is found',
  (retryAfter) => {
    expect(checkRetryAfter([refused('1'), refused(retryAfter)])).toEqual([
      `1 times 429 for alfa with Retry-After "${retryAfter ?? 'none'}", not whole seconds from 1 to 2`,
    ]);
  },
);

test('a 429 that says when to ask again is right, and other answers need not say', () => {
  expect(checkRetryAfter([refused('1'), refused('2'), { caller: 'beta', status: 200 }])).toEqual([]);
});

test('D1 a Retry-After after which one is refused again is found', () => {
  const probe = { region: 'msk', at: 0 } as const;
  expect(checkProbes([{ ...probe, retryAfter: '1', status: 200 }])).toEqual([]);
  expect(
    checkProbes([
      { ...probe, retryAfter: '1', status: 429 },
      { ...probe, retryAfter: '1', status: 429 },
    ]),
  ).toEqual(['2 times gamma waited 1 s as told and was answered 429']);
  expect(checkProbes([{ ...probe, retryAfter: null }])).toEqual(['1 times gamma was refused with Retry-After "none"']);
  expect(checkProbes([probe])).toEqual(['1 times gamma was never refused, however fast it asked']);
});
