import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '#platform/lifecycle/serve.ts';
import { handleBatch } from '../settlement/intake/handle-batch.ts';
import {
  batchOf,
  cancelled,
  createTestContext,
  issued,
  OPERATOR_TOKEN,
  PARTITION,
  uuidOf,
} from '../settlement/testing.ts';

const DAY = '2026-11-10';
const issuedAt = `${DAY}T10:00:00.000Z`;

let room: Awaited<ReturnType<typeof createTestContext>>;
let server: Awaited<ReturnType<typeof serve>>;
let home: string;
beforeAll(async () => {
  room = await createTestContext();
  server = await serve(room.app.fetch, { host: '127.0.0.1', port: 0 });
  home = await mkdtemp(join(tmpdir(), 'settle-'));
  const issuedOnDay = (n: number, sequence: number) => issued(n, sequence, { data: { issuedAt } });
  const cancelledAt = '2026-11-20T10:00:00.000Z';
  // Policies with an even number are of volga, the others of ural; 10 and its cancellation are parked.
  await handleBatch(
    room.ctx,
    batchOf(
      issuedOnDay(2, 1),
      issuedOnDay(3, 2),
      cancelled(2, 3, { data: { issuedAt, cancelledAt } }),
      issued(10, 4, { data: { issuedAt, product: 'unheard' as 'osago' } }),
      cancelled(10, 5, { data: { issuedAt, cancelledAt } }),
      'junk',
    ),
  );
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await room[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

/** `npm run settle -- ...` against the test's settlement. */
async function settle(line: string, token = OPERATOR_TOKEN) {
  const env = { ...process.env, SETTLEMENT_URL: `http://127.0.0.1:${server.port}`, OPERATOR_TOKEN: token };
  const args = ['--disable-warning=ExperimentalWarning', 'local/settle.ts', ...line.split(' ').filter(Boolean)];
  const command = spawn(process.execPath, args, { env });
  const [out, error, code] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    new Promise<number | null>((resolve) => command.on('close', resolve)),
  ]);
  return { out, lines: out.trimEnd().split('\n'), error: error.trimEnd(), code };
}

/** The ids of the dead letters, oldest first: of policy 10, of its cancellation, and of junk. */
async function letters(): Promise<[string, string, string]> {
  const rows = await room.admin`select id::text as id from settlement.dead_letters order by dead_letters.id`;
  return rows.map(({ id }) => id) as [string, string, string];
}

test('R13 npm run settle -- register shows the lines, and as CSV gives what the server does', async () => {
  const { lines, code, error } = await settle('register volga 2026-11');
  expect([code, error]).toEqual([0, '']);
  expect(lines.slice(1, 3).map((line) => line.split(/ {2,}/).slice(1, 5))).toEqual([
    ['1', 'issued', 'MSK-0000000002', DAY],
    ['2', 'cancelled', 'MSK-0000000002', DAY],
  ]);
  expect(lines[3]?.split(/ +/)).toEqual(['', 'total', '500.08', '75.01', '425.07']);
  expect(lines.at(-1)).toBe('The register of volga for 2026-11 is open: 2 lines.');
  const url = `http://127.0.0.1:${server.port}/v1/registers/volga/2026-11`;
  const headers = { authorization: `Bearer ${OPERATOR_TOKEN}`, accept: 'text/csv' };
  const served = await (await fetch(url, { headers })).text();
  expect((await settle('register volga 2026-11 --csv')).out).toBe(served);
  const file = join(home, 'volga.csv');
  expect(await settle(`register volga 2026-11 --csv --bom --out ${file}`)).toMatchObject({ code: 0, out: '' });
  expect(await readFile(file, 'utf8')).toBe(`\u{FEFF}${served}`);
});

test('D9 npm run settle -- reconcile compares nothing before core told a day, and names each operation when it told of none', async () => {
  expect(await settle('reconcile 2026-11')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nothing to compare'),
  });
  const day = {
    ...{ eventId: uuidOf('day'), type: 'control.day-closed.v1', aggregateId: `msk-day-${DAY}`, aggregateVersion: 1 },
    ...{ region: 'msk', partition: PARTITION, epoch: 1, sequence: 7, traceparent: null },
    ...{ occurredAt: '2026-11-10T21:05:00.000Z', data: { day: DAY, insurers: [] } },
  };
  await handleBatch(room.ctx, batchOf(JSON.stringify(day)));
  const { code, lines } = await settle('reconcile 2026-11');
  expect(code).toBe(1);
  expect(lines[0]).toBe('Core has closed 1 day of 2026-11.');
  expect(lines.filter((line) => /^unknown +2026-11-10 +(ural|volga) /.test(line))).toHaveLength(2);
});

test('npm run settle -- dead-letters, dead-letter, replay and dismiss', async () => {
  const [first, second, junk] = await letters();
  const listed = await settle('dead-letters');
  expect([listed.code, listed.lines.length, listed.lines.at(-1)]).toEqual([0, 5, '3 dead letters parked.']);
  const refused = await settle(`replay ${first}`);
  expect([refused.code, refused.lines.at(-1)]).toEqual([1, '1 refused again.']);

  // As a release would that knows the product.
  await room.admin.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`update settlement.dead_letters
      set raw = convert_to(replace(convert_from(raw, 'UTF8'), 'unheard', 'osago'), 'UTF8') where id = ${first}`;
  });
  const all = await settle('replay --all --reason released --by anna');
  expect([all.code, all.lines.at(-1)]).toEqual([1, '2 booked, 1 refused again.']);
  expect(all.lines[1]).toMatch(new RegExp(`^ *${junk} +refused again +unreadable`));

  const history = await settle(`dead-letter ${first}`);
  expect(history.lines[0]).toBe(`Dead letter ${first} is booked.`);
  expect(history.lines.slice(-2).map((line) => line.split(/ {2,}/).slice(1, 5))).toEqual([
    ['replay', userInfo().username, 'refused', expect.stringContaining('product')],
    ['replay', 'anna', 'booked', 'released'],
  ]);
  expect(await settle(`dismiss ${junk} --reason noise`)).toMatchObject({ code: 0 });
  expect(await settle('replay --all')).toMatchObject({ code: 0, out: 'No dead letter is parked.\n' });
  expect((await settle('dead-letters --status all')).lines.map((line) => line.trim().split(/ +/).slice(0, 2))).toEqual([
    ['id', 'status'],
    [first, 'booked'],
    [second, 'booked'],
    [junk, 'dismissed'],
    ['3', 'dead'],
  ]);
  expect(await settle(`dismiss ${first} --reason late`)).toMatchObject({
    code: 1,
    error: `settle: Cannot dismiss dead letter "${first}": its event is booked`,
  });
});

test('R13 npm run settle -- close says each thing that speaks against it, and closes by force', async () => {
  const refused = await settle('close volga 2026-11');
  expect([refused.code, refused.out]).toEqual([1, '']);
  expect(refused.error.split('\n').slice(0, 2)).toEqual([
    'settle: Cannot close the register of volga for 2026-11:',
    '  period: 2026-11 is not over: it ends at 2026-11-30T21:00:00.000Z',
  ]);
  const all = await settle('close --all 2026-11');
  expect([all.code, all.lines.slice(1).map((line) => line.split(/ +/).slice(0, 3))]).toEqual([
    1,
    [
      ['ural', 'refused', '2026-11'],
      ['volga', 'refused', '2026-11'],
    ],
  ]);
  const closed = await settle('close volga 2026-11 --force --reason audit --by anna');
  expect([closed.code, closed.lines[0]]).toEqual([
    0,
    `The register of volga for 2026-11 is closed, at ${room.ctx.now().toISOString()} by anna.`,
  ]);
  expect(closed.lines.slice(4, 6)).toEqual([
    'It was forced, because "audit", over:',
    '  2026-11 is not over: it ends at 2026-11-30T21:00:00.000Z',
  ]);

  const digest = closed.lines[1]?.split(': ')[1];
  const file = join(home, 'closed.csv');
  const saved = await settle(`register volga 2026-11 --csv --out ${file}`);
  expect(
    createHash('sha256')
      .update(await readFile(file))
      .digest('hex'),
  ).toBe(digest);
  expect([saved.code, saved.error]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^${file}: 4 lines, .*SHA-256 ${digest}, as settlement announced\\.$`)),
  ]);
  expect((await settle('register volga 2026-11')).lines.slice(-2)).toEqual([
    `The register of volga for 2026-11 is closed since ${room.ctx.now().toISOString()}: 4 lines.`,
    `SHA-256 of its CSV: ${digest}`,
  ]);
});

test('R13 npm run settle -- accounts sums to nothing', async () => {
  const { code, lines } = await settle('accounts');
  expect([code, lines.at(-1)?.split(/ +/)]).toEqual([0, ['sum', '0.00']]);
  expect(lines.some((line) => line.startsWith('insurer:volga:payable '))).toBe(true);
});

test('npm run settle ends with 1 and one sentence when it is refused, and with 78 when it is asked for nothing that is', async () => {
  expect(await settle('register volgga 2026-11')).toMatchObject({
    code: 1,
    error: 'settle: A register of insurer "volgga" was not found',
  });
  expect(await settle('accounts', 'x'.repeat(32))).toMatchObject({
    code: 1,
    error: 'settle: This call needs the operator token: Authorization: Bearer <token>',
  });
  expect(await settle('register volga november')).toMatchObject({
    code: 78,
    error: expect.stringContaining('PERIOD is "november" but must be a month'),
  });
  expect(await settle('')).toMatchObject({ code: 78, error: expect.stringContaining('"" is not a command') });
});
