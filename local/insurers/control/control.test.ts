import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { wait } from '#platform/lifecycle/wait.ts';
import { createInsurersApp } from '../app.ts';
import { NOW, vostok, zapad } from './stand.testing.ts';

const NAMES = 'slow, hang, 500, 429, reset, truncated, huge, wrong-schema, absurd-price, wrong-content-type';

function room(now: Date = NOW) {
  const app = createInsurersApp([vostok, zapad], { wait, held: new Set<Socket>(), now: () => now });
  const call = async (method: string, path: string, body?: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await app.request(`/control${path}`, { method, ...(body !== undefined && { body: text }) });
    expect(response.headers.get('content-type')).toBe('application/json');
    return { status: response.status, body: await response.json() };
  };
  const sold = async () => (await (await app.request('/vostok/tariffs')).json()).data.sold;
  return { call, sold };
}

describe('GET /control', () => {
  test('tells of each insurer its fault, what it sells, its OSAGO commission and rates', async () => {
    const { call } = room();
    await call('PUT', '/zapad/fault', { fault: 'slow', times: 2 });
    const { status, body } = await call('GET', '');
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        { id: 'vostok', fault: null, sells: ['osago', 'travel', 'property', 'life'], osago: vostok.book().osago },
        {
          id: 'zapad',
          fault: { fault: 'slow', delayMs: 3_000, times: 2 },
          sells: ['osago'],
          osago: zapad.book().osago,
        },
      ],
    });
  });
});

describe('/control/{id}/fault', () => {
  test.each<[unknown, unknown]>([
    [
      { fault: 'slow', delayMs: 1, times: 1 },
      { fault: 'slow', delayMs: 1, times: 1 },
    ],
    [
      { fault: 'slow', delayMs: 120_000 },
      { fault: 'slow', delayMs: 120_000 },
    ],
    [{ fault: '429' }, { fault: '429', retryAfterSeconds: 5 }],
    ...NAMES.split(', ')
      .filter((fault) => fault !== 'slow' && fault !== '429')
      .map((fault): [unknown, unknown] => [{ fault }, { fault }]),
  ])('PUT %j is in force as %j until DELETE, which may be repeated', async (sent, inForce) => {
    const { call } = room();
    expect(await call('PUT', '/vostok/fault', sent)).toMatchObject({ status: 200, body: { fault: inForce } });
    expect((await call('GET', '')).body.items[0].fault).toEqual(inForce);
    for (const time of [1, 2]) {
      const removed = await call('DELETE', '/vostok/fault');
      expect(removed, String(time)).toMatchObject({ status: 200, body: { id: 'vostok', fault: null } });
    }
  });

  test('tells how many requests it has left', async () => {
    const { call, sold } = room();
    await call('PUT', '/vostok/fault', { fault: 'wrong-schema', times: 3 });
    await sold().catch(() => undefined);
    expect((await call('GET', '')).body.items[0].fault).toEqual({ fault: 'wrong-schema', times: 2 });
  });

  test.each([
    [{ fault: 'explode' }, `fault must be one of ${NAMES};`],
    [{}, `fault must be one of ${NAMES};`],
    [{ fault: 500 }, `fault must be one of ${NAMES};`],
    [{ fault: 'slow', delayMs: 0 }, 'delayMs must be an integer from 1 to 120000;'],
    [{ fault: 'slow', delayMs: 120_001 }, 'delayMs must be an integer from 1 to 120000;'],
    [{ fault: 'slow', delayMs: '5' }, 'delayMs must be an integer from 1 to 120000;'],
    [{ fault: '429', retryAfterSeconds: -1 }, 'retryAfterSeconds must be an integer from 0 to 86400;'],
    [{ fault: 'hang', times: 0 }, 'times must be an integer from 1 to 1000000;'],
    [{ fault: 'hang', delayMs: 5 }, 'delayMs is not a field of this request;'],
    ['{"fault":', 'The body must be a JSON object;'],
    ['[]', 'The body must be a JSON object;'],
    ['null', 'The body must be a JSON object;'],
    [undefined, 'The body must be a JSON object;'],
  ])('PUT %j is 400, says "%s ..." and what is allowed, and changes nothing', async (sent, says) => {
    const { call } = room();
    const { status, body } = await call('PUT', '/vostok/fault', sent);
    expect(status).toBe(400);
    expect(body.error.startsWith(says), body.error).toBe(true);
    expect(body.error).toContain('allowed: { "fault": slow | hang | 500 | 429 | reset');
    expect((await call('GET', '')).body.items[0].fault).toBeNull();
  });
});

describe('POST /control/{id}/tariff', () => {
  test('percent changes every rate that has not ended, in whole kopecks, and answers those in force', async () => {
    const { call, sold } = room();
    const { status, body } = await call('POST', '/vostok/tariff', { percent: -1.15 });
    expect(status).toBe(200);
    expect((await sold()).osago.rates.map((rate: { baseRateMinor: number }) => rate.baseRateMinor)).toEqual([
      451_200, 492_896, 511_455, 1_729_875,
    ]);
    expect(body).toEqual({
      id: 'vostok',
      rates: [
        { row: '2.2', baseRateMinor: 492_896, from: '2026-06-01', until: '2027-07-01' },
        { row: '2.3', baseRateMinor: 1_729_875, from: '2025-12-09', until: null },
      ],
    });
  });

  test.each([
    [{ percent: 10 }, [548_493, 569_146, 1_811_900]],
    [{ percent: 10, anyway: false }, [548_493, 569_146, 1_811_900]],
    [{ percent: 10, anyway: true }, [548_493, 569_146, 1_925_000]],
    [{ percent: -99 }, [139_900, 139_900, 126_700]],
    [{ percent: -99, anyway: true }, [4_986, 5_174, 17_500]],
    [{ percent: 10_000, anyway: true }, [50_361_630, 52_257_905, 176_750_000]],
  ])('%j makes of 498630, 517405 and 1750000: %j, the corridor kept unless anyway', async (change, prices) => {
    const { call, sold } = room();
    expect((await call('POST', '/vostok/tariff', change)).status).toBe(200);
    const { rates } = (await sold()).osago;
    expect(rates.slice(1).map((rate: { baseRateMinor: number }) => rate.baseRateMinor)).toEqual(prices);
  });

  test("a row's rate in force is set, and no other", async () => {
    const { call, sold } = room();
    const { status, body } = await call('POST', '/vostok/tariff', { row: '2.2', baseRateMinor: 512_300 });
    expect([status, body.rates[0].baseRateMinor]).toEqual([200, 512_300]);
    const { rates } = vostok.book().osago;
    expect((await sold()).osago.rates).toEqual([rates[0], { ...rates[1], baseRateMinor: 512_300 }, ...rates.slice(2)]);
  });

  test.each([
    ['2027-06-30T20:59:59Z', 498_630],
    ['2027-06-30T21:00:00Z', 517_405],
  ])('what is in force at %s goes by the day in Moscow', async (now, price) => {
    const { call } = room(new Date(now));
    const { body } = await call('POST', '/vostok/tariff', { percent: 0 });
    expect(body.rates[0].baseRateMinor).toBe(price);
  });

  test('a price outside the corridor is refused, and set with anyway', async () => {
    const { call } = room();
    const change = { row: '2.2', baseRateMinor: 866_501 };
    expect(await call('POST', '/vostok/tariff', change)).toEqual({
      status: 400,
      body: {
        error:
          'baseRateMinor 866501 is outside the official corridor of row "2.2"; allowed: 139900 to 866500, or "anyway": true',
      },
    });
    const set = await call('POST', '/vostok/tariff', { ...change, anyway: true });
    expect([set.status, set.body.rates[0].baseRateMinor]).toEqual([200, 866_501]);
  });

  test.each([
    [{ percent: '10' }, 'percent must be a number from -99 to 10000 with at most two decimal places;'],
    [{ percent: -99.01 }, 'percent must be a number from -99 to 10000 with at most two decimal places;'],
    [{ percent: 1.005 }, 'percent must be a number from -99 to 10000 with at most two decimal places;'],
    [{ percent: 1, row: '2.2' }, 'row is not a field of this request;'],
    [{ row: '9', baseRateMinor: 1 }, 'row must be one of 1, 5, 6, 7, 2.1, 2.2, 2.3, 3.1, 3.2, 4.1, 4.2, 4.3;'],
    [{ row: '2.2' }, 'baseRateMinor must be an integer from 1 to 999999999;'],
    [{ row: '2.2', baseRateMinor: 1.5 }, 'baseRateMinor must be an integer from 1 to 999999999;'],
    [{ row: '2.1', baseRateMinor: 240_000 }, 'row "2.1" has no rate in force on 2026-11-22; allowed: 2.2, 2.3'],
    [{ percent: 1, anyway: 'yes' }, 'anyway must be true or false;'],
    [{}, 'row must be one of'],
  ])('%j is 400, says "%s" and what is allowed, and changes nothing', async (change, says) => {
    const { call, sold } = room();
    const { status, body } = await call('POST', '/vostok/tariff', change);
    expect(status).toBe(400);
    expect(body.error.startsWith(says), body.error).toBe(true);
    expect(body.error).toContain('allowed: ');
    expect(await sold()).toEqual(vostok.book());
  });
});

describe('POST /control/{id}/withdraw', () => {
  test.each(['travel', 'property', 'life'])('%s is no longer sold, however often it is withdrawn', async (product) => {
    const { call, sold } = room();
    for (const time of [1, 2]) {
      const { status, body } = await call('POST', '/vostok/withdraw', { product });
      expect(status, String(time)).toBe(200);
      expect(body.sells).toEqual(['osago', 'travel', 'property', 'life'].filter((other) => other !== product));
    }
    expect((await sold())[product]).toBeUndefined();
  });

  test.each([{ product: 'osago' }, { product: 'kasko' }, {}])('%j is 400 and says what is allowed', async (sent) => {
    const { call } = room();
    expect(await call('POST', '/vostok/withdraw', sent)).toEqual({
      status: 400,
      body: {
        error: 'product must be one of travel, property, life; allowed: { "product": travel | property | life }',
      },
    });
  });
});

test('POST /control/{id}/reset brings back the book as it began, without a fault, for this insurer alone', async () => {
  const { call, sold } = room();
  for (const id of ['vostok', 'zapad']) {
    await call('POST', `/${id}/tariff`, { percent: 10 });
    await call('PUT', `/${id}/fault`, { fault: 'hang' });
  }
  await call('POST', '/vostok/withdraw', { product: 'life' });
  const { status, body } = await call('POST', '/vostok/reset');
  expect([status, body.fault, body.osago]).toEqual([200, null, vostok.book().osago]);
  expect(await sold()).toEqual(vostok.book());
  const [, zapadNow] = (await call('GET', '')).body.items;
  expect([zapadNow.fault, zapadNow.osago.rates[0].baseRateMinor]).toEqual([{ fault: 'hang' }, 576_730]);
});

test.each([
  ['PUT', '/fault'],
  ['DELETE', '/fault'],
  ['POST', '/tariff'],
  ['POST', '/withdraw'],
  ['POST', '/reset'],
])('%s /control/{id}%s of an unknown insurer is 404 and names those that there are', async (method, path) => {
  expect(await room().call(method, `/sever${path}`, { fault: 'hang' })).toEqual({
    status: 404,
    body: { error: 'There is no insurer "sever"; allowed: vostok, zapad' },
  });
});

test.each([
  ['GET', '/vostok'],
  ['GET', '/vostok/fault'],
  ['POST', '/vostok/explode'],
  ['DELETE', ''],
])('%s /control%s is 404 and names the calls that there are', async (method, path) => {
  const { status, body } = await room().call(method, path);
  expect(status).toBe(404);
  expect(body.error).toContain(`${method} /control${path} is not of this API; allowed: GET /control, PUT and DELETE`);
});
