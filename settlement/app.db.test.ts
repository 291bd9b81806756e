import { afterAll, beforeAll, expect, test } from 'vitest';
import { Register } from '#contracts/register.ts';
import { handleBatch } from './intake/handle-batch.ts';
import { batchOf, cancelled, createTestContext, issued } from './testing.ts';

let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
  // 2 and 4 in one millisecond, 6 a month later in Moscow only; policies with an even number are of volga.
  const at = (n: number, sequence: number, issuedAt: string) => issued(n, sequence, { data: { issuedAt } });
  const cancelledAt = (n: number, sequence: number, data: { issuedAt: string; cancelledAt: string }) =>
    cancelled(n, sequence, { data });
  await handleBatch(
    room.ctx,
    batchOf(
      at(4, 1, '2026-11-22T10:00:00.000Z'),
      at(2, 2, '2026-11-22T10:00:00.000Z'),
      at(6, 3, '2026-11-30T21:00:00.000Z'),
      at(8, 4, '2026-11-01T00:00:00.000Z'),
      'junk',
      issued(10, 5, { data: { product: 'unheard' as 'osago' } }),
      at(12, 6, '2026-11-10T00:00:00.000Z'),
      cancelledAt(12, 7, { issuedAt: '2026-11-10T00:00:00.000Z', cancelledAt: '2026-11-30T20:59:59.999Z' }),
      cancelledAt(4, 8, { issuedAt: '2026-11-22T10:00:00.000Z', cancelledAt: '2026-11-30T21:00:00.000Z' }),
    ),
  );
});
afterAll(() => room[Symbol.asyncDispose]());

const get = (path: string, headers: Record<string, string> = {}) => room.operate(path, { headers });
const register = async (path: string) => Register.parse(await (await get(path)).json());

test('R12 R13 GET register: a month of Moscow, by contract date then number, numbered, with totals', async () => {
  const { lines, totals, ...about } = await register('/v1/registers/volga/2026-11');
  expect(about).toEqual({ insurer: 'volga', period: '2026-11', status: 'open' });
  expect(lines.map((line) => [line.line, line.policyNumber])).toEqual([
    [1, 'MSK-0000000008'],
    [2, 'MSK-0000000012'],
    [3, 'MSK-0000000012'],
    [4, 'MSK-0000000002'],
    [5, 'MSK-0000000004'],
  ]);
  expect(lines[0]).toEqual({
    line: 1,
    operation: 'issued',
    earlierPolicy: null,
    comment: '',
    currency: 'RUB',
    product: 'osago',
    policyNumber: 'MSK-0000000008',
    contractDate: '2026-11-01T00:00:00.000Z',
    startsOn: '2026-12-01',
    endsOn: '2027-11-30',
    premium: { amountMinor: 100_056, currency: 'RUB' },
    commissionRateBps: 1_500,
    commission: { amountMinor: 15_008, currency: 'RUB' },
    toTransfer: { amountMinor: 85_048, currency: 'RUB' },
    partner: 'alfa',
    tariffVersion: 4,
  });
  expect(lines[2]).toEqual({
    ...lines[1],
    line: 3,
    operation: 'cancelled',
    earlierPolicy: 'MSK-0000000012',
    comment: 'cancelled on 2026-11-30',
    premium: { amountMinor: -50_036, currency: 'RUB' },
    commission: { amountMinor: -7_505, currency: 'RUB' },
    toTransfer: { amountMinor: -42_531, currency: 'RUB' },
  });
  const premium = 300_098 + 100_084 - 50_036;
  const commission = 15_008 + 15_002 + 15_004 + 15_013 - 7_505;
  expect(totals).toEqual({
    count: 5,
    premium: { amountMinor: premium, currency: 'RUB' },
    commission: { amountMinor: commission, currency: 'RUB' },
    toTransfer: { amountMinor: premium - commission, currency: 'RUB' },
  });
  const december = await register('/v1/registers/volga/2026-12');
  expect(december.lines.map((line) => [line.operation, line.policyNumber])).toEqual([
    ['cancelled', 'MSK-0000000004'],
    ['issued', 'MSK-0000000006'],
  ]);
});

test('R13 the totals of the registers are the balances of the ledger', async () => {
  const { accounts } = (await (await get('/v1/ledger/accounts')).json()) as {
    accounts: { id: string; balance: { amountMinor: number } }[];
  };
  const months = await Promise.all(['11', '12'].map((month) => register(`/v1/registers/volga/2026-${month}`)));
  const sum = (of: 'commission' | 'toTransfer') =>
    months.reduce((total, month) => total + month.totals[of].amountMinor, 0);
  const balance = (id: string) => accounts.find((account) => account.id === id)?.balance.amountMinor;
  expect(balance('insurer:volga:payable')).toBe(-sum('toTransfer'));
  expect(balance('income:commission:volga')).toBe(-sum('commission'));
  expect(accounts.map((account) => account.id)).toEqual(accounts.map((account) => account.id).toSorted());
  expect(accounts.reduce((total, account) => total + account.balance.amountMinor, 0)).toBe(0);
});

test('R13 GET register gives the same lines as CSV when asked, and tells caches so', async () => {
  const csv = await get('/v1/registers/volga/2026-11', { accept: 'text/csv' });
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(csv.headers.get('vary')).toBe('Accept');
  const rows = (await csv.text()).trimEnd().split('\r\n');
  expect(rows).toHaveLength(6);
  expect(rows[3]).toBe(
    '3,osago,MSK-0000000012,2026-11-10T00:00:00.000Z,2026-12-01,2027-11-30,-500.36,RUB,1500,-75.05,-425.31,alfa,cancelled,MSK-0000000012,cancelled on 2026-11-30,4',
  );
  expect(rows[4]).toBe(
    '4,osago,MSK-0000000002,2026-11-22T10:00:00.000Z,2026-12-01,2027-11-30,1000.14,RUB,1500,150.02,850.12,alfa,issued,,,4',
  );
  const any = await get('/v1/registers/volga/2026-11', { accept: '*/*' });
  expect(any.headers.get('content-type')).toContain('application/json');
});

test('GET register: an empty month of an insurer that is known has no lines; an insurer never seen is 404', async () => {
  const empty = await register('/v1/registers/volga/2020-01');
  expect(empty.lines).toEqual([]);
  expect(empty.totals.count).toBe(0);
  const unknown = await get('/v1/registers/volgga/2026-11');
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get('content-type')).toBe('application/problem+json');
});

test.each([
  '/v1/registers/volga/2026-13',
  '/v1/registers/volga/2026-1',
  '/v1/registers/VOLGA/2026-11',
  '/v1/registers/volga/0000-01',
  '/v1/registers/volga/9999-12',
  '/v1/reconciliation?period=0000-01',
  '/v1/reconciliation?period=9999-12',
])('GET %s is refused with 400', async (path) => {
  expect((await get(path)).status).toBe(400);
});

test('GET dead letters says what and why in pages, and never what is in them', async () => {
  const first = await get('/v1/dead-letters?limit=1');
  const page = (await first.json()) as { items: Record<string, unknown>[]; nextCursor: string };
  expect(page.items).toEqual([
    expect.objectContaining({ reason: 'unreadable', epoch: 1, sequence: 4, eventId: null, bytes: 4 }),
  ]);
  const text = await (await get(`/v1/dead-letters?cursor=${page.nextCursor}`)).text();
  const rest = JSON.parse(text) as typeof page;
  expect(rest.items.map((item) => item['reason'])).toEqual(['invalid-event']);
  expect(rest.nextCursor).toBeUndefined();
  expect(text).not.toContain('unheard');
});

test.each([
  '/v1/dead-letters?limit=0',
  '/v1/dead-letters?limit=501',
  '/v1/dead-letters?cursor=x',
  '/v1/dead-letters?page=2',
])('GET %s is refused with 400', async (path) => {
  expect((await get(path)).status).toBe(400);
});

test('every call needs the operator token, and health, metrics and docs do not', async () => {
  for (const path of ['/v1/ledger/accounts', '/v1/dead-letters', '/v1/registers/volga/2026-11']) {
    expect((await room.app.request(path)).status).toBe(401);
    expect((await get(path, { authorization: 'Bearer wrong' })).status).toBe(401);
  }
  for (const path of ['/healthz/live', '/healthz/ready', '/healthz/gslb', '/metrics', '/openapi.json', '/docs']) {
    expect((await room.app.request(path)).status).toBe(200);
  }
});

test('GET /openapi.json names every call', async () => {
  const { paths } = (await (await room.app.request('/openapi.json')).json()) as { paths: object };
  expect(Object.keys(paths)).toEqual([
    '/v1/registers/{insurer}/{period}',
    '/v1/registers/{insurer}/{period}/close',
    '/v1/ledger/accounts',
    '/v1/reconciliation',
    '/v1/dead-letters',
    '/v1/dead-letters/{id}',
    '/v1/dead-letters/{id}/replay',
    '/v1/dead-letters/{id}/dismiss',
  ]);
});
