import { expect, test, vi } from 'vitest';
import { rub } from '#contracts/money.ts';
import { showRegister } from './show-register.ts';
import { createStand, lineOf, refuse, thin, totalsOf } from './stand.testing.ts';

const ASKED = { insurer: 'volga', period: '2026-11', csv: false, bom: false, all: false };
const DIGEST = 'ab'.repeat(32);

/** A settlement with a register of so many lines. */
const withLines = (count: number, overrides: object = {}) =>
  createStand(() => {
    const lines = Array.from({ length: count }, (_, index) => lineOf(index + 1));
    const register = { insurer: 'volga', period: '2026-11', status: 'open', lines, totals: totalsOf(count) };
    return Response.json({ ...register, ...overrides });
  });

test('R13 a register is shown as a table, amounts in roubles to the right, then what it came to and is', async () => {
  const taken = { premium: rub(-50_036), commission: rub(-7_505), toTransfer: rub(-42_531) };
  const comment = 'cancelled on 2026-11-29';
  const lines = [lineOf(1), lineOf(2, { operation: 'cancelled', earlierPolicy: 'MSK-0000000001', comment, ...taken })];
  const totals = { count: 2, premium: rub(1_184_531), commission: rub(177_680), toTransfer: rub(1_006_851) };
  const closed = { status: 'closed', closedAt: '2026-12-01T00:05:00.000Z', digest: DIGEST };
  await using stand = await withLines(0, { ...closed, lines, totals });
  expect(await showRegister(stand.ctx, ASKED)).toBe(0);
  expect((await stand.output()).split('\n')).toEqual(
    [
      'line  operation  policy          contract    product    premium  rate %  commission  to transfer  partner  earlier policy  comment',
      '   1  issued     MSK-0000000001  2026-11-23  osago    12_345.67   15.00    1_851.85    10_493.82  alfa',
      '   2  cancelled  MSK-0000000002  2026-11-23  osago      -500.36   15.00      -75.05      -425.31  alfa     MSK-0000000001  cancelled on 2026-11-29',
      '      total                                           11_845.31            1_776.80    10_068.51',
      '',
      'The register of volga for 2026-11 is closed since 2026-12-01T00:05:00.000Z: 2 lines.',
      `SHA-256 of its CSV: ${DIGEST}`,
      '',
    ].map(thin),
  );
  expect(stand.asked.map(({ what }) => what)).toEqual(['GET /v1/registers/volga/2026-11']);
});

test('a long register is cut after 50 lines and still totalled', async () => {
  await using stand = await withLines(1_234);
  expect(await showRegister(stand.ctx, ASKED)).toBe(0);
  const lines = (await stand.output()).trimEnd().split('\n');
  expect(lines[50]).toMatch(/^ +50 {2}issued/);
  expect(lines[51]).toBe('... 1,184 more lines: --all shows all');
  expect(lines[52]).toContain(thin('15_234_556.78'));
  expect(lines.at(-1)).toBe('The register of volga for 2026-11 is open: 1,234 lines.');
  expect(stand.progress.map((say) => say())).toEqual(['read 1,234 lines ...']);
});

test('--all shows every line once, in order, in the columns of the first', async () => {
  await using stand = await withLines(1_234);
  expect(await showRegister(stand.ctx, { ...ASKED, all: true })).toBe(0);
  const lines = (await stand.output()).split('\n');
  const numbers = lines.slice(1, 1_235).map((line) => Number(line.trim().split(' ')[0]));
  expect(numbers).toEqual(Array.from({ length: 1_234 }, (_, index) => index + 1));
  expect(lines[1_235]).toMatch(/^ +total/);
  expect(new Set(lines.slice(0, 1_235).map((line) => line.search(/MSK|policy/))).size).toBe(1);
});

test('a register without lines is a sentence', async () => {
  await using stand = await withLines(0);
  expect(await showRegister(stand.ctx, ASKED)).toBe(0);
  expect(await stand.output()).toBe('The register of volga for 2026-11 is open: 0 lines.\n');
});

test('a register that is cut off, or says more lines than it has, is an error and never a shorter table', async () => {
  // The server says it too.
  using _ = vi.spyOn(console, 'error').mockReturnValue();
  const cut = new ReadableStream({
    async pull(controller) {
      controller.enqueue(Buffer.from(`{"insurer":"volga","lines":[${JSON.stringify(lineOf(1))},`));
      await new Promise((resolve) => setImmediate(resolve));
      controller.error(new Error('the database went away'));
    },
  });
  await using stand = await createStand(() => new Response(cut));
  await expect(showRegister(stand.ctx, ASKED)).rejects.toThrow('The connection ended before the answer was whole');
  expect(await stand.output()).toBe('');
  await using short = await withLines(3, { totals: totalsOf(4) });
  await expect(showRegister(short.ctx, ASKED)).rejects.toThrow('sent 3 lines of 4');
});

test('a refusal is its sentence', async () => {
  await using stand = await createStand(() => refuse('not-found'));
  await expect(showRegister(stand.ctx, ASKED)).rejects.toThrow('Not found');
});
