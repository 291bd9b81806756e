import { afterAll, beforeAll, expect, test } from 'vitest';
import { Register, type RegisterLine } from '#contracts/register.ts';
import { handleBatch } from '../intake/handle-batch.ts';
import { batchOf, cancelled, createTestContext, issued } from '../testing.ts';
import { readLines } from './read-lines.ts';
import { CSV_HEADER, csvRows } from './register-csv.ts';
import { toBody } from './to-body.ts';
import { writeCsv, writeJson } from './write-register.ts';

const NAME = { insurer: 'volga', period: '2026-11' };
const POLICIES = 2_600;

/** Several pages, many lines of one contract date, and numbers whose order is not that of their events. */
let room: Awaited<ReturnType<typeof createTestContext>>;
beforeAll(async () => {
  room = await createTestContext();
  const contractDate = (n: number) => `2026-11-${String(1 + (n % 3)).padStart(2, '0')}T10:00:00.000Z`;
  const events = Array.from({ length: POLICIES }, (_, n) => {
    const data = { issuedAt: contractDate(n), number: `MSK-${(n * 7_919) % POLICIES}` };
    const back = { ...data, cancelledAt: '2026-11-20T10:00:00.000Z' };
    return [issued(2 * n, 0, { data }), ...(n % 5 === 0 ? [cancelled(2 * n, 0, { data: back })] : [])];
  }).flat();
  for (let from = 0; from < events.length; from += 500) {
    const page = events.slice(from, from + 500).map((event, at) => ({ ...event, sequence: from + at + 1 }));
    await handleBatch(room.ctx, batchOf(...page));
  }
}, 60_000);
afterAll(() => room[Symbol.asyncDispose]());

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** The order, said another way. */
const sorted = (lines: readonly RegisterLine[]) =>
  lines.toSorted((a, b) => {
    const keys = ({ contractDate, policyNumber, operation }: RegisterLine) => [
      contractDate,
      policyNumber,
      operation === 'cancelled' ? '1' : '0',
    ];
    const [left, right] = [keys(a), keys(b)];
    const at = left.findIndex((key, n) => key !== right[n]);
    return at === -1 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
  });

test('R13 a register of several pages has every line once, in its order, numbered through, with totals; CSV says the same', async () => {
  const register = Register.parse(JSON.parse(await textOf(writeJson(room.ctx, NAME))));
  expect(register.lines).toHaveLength(POLICIES + POLICIES / 5);
  expect(register.lines).toEqual(sorted(register.lines));
  expect(register.lines.map(({ line }) => line)).toEqual(register.lines.map((_, n) => n + 1));
  expect(new Set(register.lines.map(({ policyNumber, operation }) => policyNumber + operation)).size).toBe(
    register.lines.length,
  );
  const sum = (of: (line: RegisterLine) => number) => register.lines.reduce((so, line) => so + of(line), 0);
  expect(register.totals).toMatchObject({
    count: register.lines.length,
    premium: { amountMinor: sum(({ premium }) => premium.amountMinor) },
    toTransfer: { amountMinor: sum(({ toTransfer }) => toTransfer.amountMinor) },
  });
  const csv = await textOf(writeCsv(room.ctx, NAME));
  expect(csv).toBe(`${CSV_HEADER}${csvRows(register.lines)}`);
  expect(await textOf(writeCsv(room.ctx, { ...NAME, bom: true }))).toBe(`\ufeff${csv}`);
});

test('R13 a register is made no faster than it is read, and is left when its reader leaves', async () => {
  let pages = 0;
  let isLeft = false;
  async function* watched() {
    try {
      for await (const page of readLines(room.ctx, NAME)) {
        pages += 1;
        yield String(page.length);
      }
    } finally {
      isLeft = true;
    }
  }
  const reader = (await toBody(watched())).getReader();
  await reader.read();
  await room.ctx.sql`select 1`;
  expect(pages).toBeLessThanOrEqual(2);
  await reader.cancel();
  expect(isLeft).toBe(true);
});

test('R13 a failure before the first piece is the answer, and one behind it leaves the text without its end', async () => {
  async function* failing(after: number) {
    for (let n = 0; n < after; n += 1) yield 'text';
    throw new Error('the database is away');
  }
  await expect(toBody(failing(0))).rejects.toThrow('away');
  await expect(new Response(await toBody(failing(2))).text()).rejects.toThrow('away');
});
