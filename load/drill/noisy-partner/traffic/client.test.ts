import { expect, test } from 'vitest';
import type { Asked } from '../asked.ts';
import { createClient } from './client.ts';
import type { Connect, HttpRequest } from './send.ts';

const URLS = { msk: 'http://msk', nsk: 'http://nsk' };
const QUESTION: HttpRequest = { method: 'GET', path: '/v1/quotes/life', headers: {} };
const GOOD = { status: 200, headers: { ratelimit: 'r', 'ratelimit-policy': 'p' }, text: 'a quote' };
const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** A client of two regions that do as told, on a clock that each attempt moves by a ms. */
function createHeld(answers: Partial<Record<'msk' | 'nsk', () => typeof GOOD>> = {}) {
  const noted: Asked[] = [];
  const sent: { to: string; from: string | undefined; authorization: string | undefined }[] = [];
  let now = 1_000;
  const connect: Connect =
    ({ url, localAddress }) =>
    async ({ headers }) => {
      const to = url.slice('http://'.length) as 'msk' | 'nsk';
      sent.push({ to, from: localAddress, authorization: headers['authorization'] });
      now += 1;
      return answers[to]?.() ?? GOOD;
    };
  const ctx = {
    now: () => now,
    connect,
    urls: URLS,
    slice: () => 'with 1',
    note: (one: Asked) => void noted.push(one),
  };
  const client = createClient(ctx, { caller: 'beta', key: 'ik_beta_secret' });
  const prepare = () => {
    now += 5;
    return QUESTION;
  };
  const ask = (region: 'msk' | 'nsk') => client.ask({ what: 'quote', region, dueAt: 990, prepare });
  return { ctx, client, ask, noted, sent };
}

test('an answer is noted with its times, its key sent, and whether it tells the limit', async () => {
  const { ask, noted, sent } = createHeld();
  expect(await ask('msk')).toMatchObject({ ...GOOD, region: 'msk' });
  expect(noted).toEqual([
    {
      caller: 'beta',
      what: 'quote',
      region: 'msk',
      slice: 'with 1',
      dueAt: 990,
      sentAt: 1_005,
      answeredAt: 1_006,
      status: 200,
      tellsLimit: true,
    },
  ]);
  expect(sent).toEqual([{ to: 'msk', from: '127.0.1.2', authorization: 'Bearer ik_beta_secret' }]);
});

test('a 429 is noted with its Retry-After, or that there was none', async () => {
  const limited = { status: 429, headers: {}, text: '' };
  const { ask, noted } = createHeld({
    msk: () => ({ ...limited, headers: { 'retry-after': '1' } }) as never,
    nsk: () => limited as never,
  });
  await ask('msk');
  await ask('nsk');
  expect(noted).toMatchObject([
    { status: 429, retryAfter: '1', tellsLimit: false },
    { status: 429, retryAfter: null },
  ]);
});

test('a refused connection is asked again in the other region once, and the region not asked any more', async () => {
  const { ask, noted, sent } = createHeld({
    nsk: () => {
      throw refused();
    },
  });
  expect(await ask('nsk')).toMatchObject({ region: 'msk' });
  await ask('nsk');
  expect(sent.map(({ to }) => to)).toEqual(['nsk', 'msk', 'msk']);
  expect(noted).toMatchObject([
    { region: 'msk', status: 200, sentAt: 1_011, refusal: { region: 'nsk', sentAt: 1_005, error: 'ECONNREFUSED' } },
    { region: 'msk', status: 200 },
  ]);
  expect(noted[1]).not.toHaveProperty('refusal');
});

test('when the other one is not there either, the request has no answer', async () => {
  const away = () => {
    throw refused();
  };
  const { ask, noted, sent } = createHeld({ msk: away, nsk: away });
  expect(await ask('msk')).toBeUndefined();
  expect(sent.map(({ to }) => to)).toEqual(['msk', 'nsk']);
  expect(noted).toMatchObject([{ status: 0, error: 'connect ECONNREFUSED', refusal: { region: 'msk' } }]);
});

test('trouble that is no refusal is not tried elsewhere', async () => {
  const { ask, noted, sent } = createHeld({
    msk: () => {
      throw new Error('no answer in time');
    },
  });
  expect(await ask('msk')).toBeUndefined();
  expect(sent).toHaveLength(1);
  expect(noted).toMatchObject([{ status: 0, error: 'no answer in time' }]);
});

test('visitors come from many addresses, without a key', async () => {
  const { ctx, sent } = createHeld();
  const visitors = createClient(ctx, { caller: 'visitors' });
  for (let visit = 0; visit < 9; visit += 1)
    await visitors.ask({ what: 'quote', region: 'msk', dueAt: 0, prepare: () => QUESTION });
  expect(new Set(sent.map(({ from }) => from)).size).toBe(8);
  expect(sent[0]?.authorization).toBeUndefined();
});
