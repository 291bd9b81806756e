import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { saveRegister } from './save-register.ts';
import { createStand, refuse } from './stand.testing.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'register-'));
});
afterAll(() => rm(home, { recursive: true }));

const ASKED = { insurer: 'volga', period: '2026-11', csv: true, bom: false, all: false };
const CSV = 'line,operation\r\n1,issued\r\n2,cancelled\r\n';
const digestOf = (text: string) => createHash('sha256').update(text);
const DIGEST = digestOf(CSV).digest('hex');

const withCsv = (headers: Record<string, string> = {}, csv: BodyInit = CSV) =>
  createStand(() => new Response(csv, { headers: { 'content-type': 'text/csv; charset=utf-8', ...headers } }));
const announced = (text: string) => ({ 'repr-digest': `sha-256=:${digestOf(text).digest('base64')}:` });

/** A folder of its own, and the file in it that is asked for. */
async function folder(name: string) {
  const of = join(home, name);
  await mkdir(of);
  return { of, out: join(of, 'volga.csv') };
}

test('R13 the CSV is printed as it is served, and what was received is said beside it', async () => {
  await using stand = await withCsv();
  expect(await saveRegister(stand.ctx, ASKED)).toBe(0);
  expect(await stand.output()).toBe(CSV);
  expect(stand.notes).toEqual([`2 lines, 39 bytes, SHA-256 ${DIGEST}, settlement announced none.`]);
  expect(stand.asked[0]?.what).toBe('GET /v1/registers/volga/2026-11');
  expect(stand.asked[0]?.headers.get('accept')).toBe('text/csv');
  expect(stand.asked[0]?.headers.get('accept-encoding')).toBe('identity');
});

test('R13 the CSV goes to a file, with a byte order mark if asked for, held against the digest announced', async () => {
  const { of, out } = await folder('whole');
  await writeFile(out, 'of yesterday');
  await using stand = await withCsv(announced(CSV));
  expect(await saveRegister(stand.ctx, { ...ASKED, bom: true, out })).toBe(0);
  expect(await readFile(out, 'utf8')).toBe(CSV);
  expect(await readdir(of)).toEqual(['volga.csv']);
  expect(stand.notes).toEqual([`${out}: 2 lines, 39 bytes, SHA-256 ${DIGEST}, as settlement announced.`]);
  expect(stand.asked[0]?.what).toBe('GET /v1/registers/volga/2026-11?bom=true');
  expect(await stand.output()).toBe('');
});

test('what is not what was announced leaves no file, and the one of before as it was', async () => {
  const { of, out } = await folder('altered');
  await using stand = await withCsv(announced(`${CSV}3,issued\r\n`));
  await expect(saveRegister(stand.ctx, { ...ASKED, out })).rejects.toThrow('is not what settlement announced');
  expect(await readdir(of)).toEqual([]);
  await writeFile(out, 'of yesterday');
  await expect(saveRegister(stand.ctx, { ...ASKED, out })).rejects.toThrow(DIGEST);
  expect(await readFile(out, 'utf8')).toBe('of yesterday');
  expect(await readdir(of)).toEqual(['volga.csv']);
});

const endless = (after: (controller: ReadableStreamDefaultController) => void) =>
  new ReadableStream({
    async pull(controller) {
      controller.enqueue(Buffer.from(CSV));
      await new Promise((resolve) => setImmediate(resolve));
      after(controller);
    },
  });

test('a connection that ends too early leaves no file', async () => {
  // The server says it too.
  using _ = vi.spyOn(console, 'error').mockReturnValue();
  const { of, out } = await folder('cut');
  await using stand = await withCsv(
    {},
    endless((controller) => controller.error(new Error('gone'))),
  );
  await expect(saveRegister(stand.ctx, { ...ASKED, out })).rejects.toThrow('The connection ended before');
  expect(await readdir(of)).toEqual([]);
});

test('stopping it in the middle leaves no file', async () => {
  const { of, out } = await folder('stopped');
  await using stand = await withCsv(
    {},
    endless(() => stand.stop()),
  );
  await expect(saveRegister(stand.ctx, { ...ASKED, out })).rejects.toThrow('stopped by SIGINT');
  expect(await readdir(of)).toEqual([]);
});

test('a refusal, an answer that is no CSV and a place that cannot be written leave nothing', async () => {
  const { of, out } = await folder('refused');
  await using refused = await createStand(() => refuse('not-found'));
  await expect(saveRegister(refused.ctx, { ...ASKED, out })).rejects.toThrow('Not found');
  await using json = await createStand(() => Response.json({}));
  await expect(saveRegister(json.ctx, { ...ASKED, out })).rejects.toThrow('sent no CSV');
  await expect(saveRegister(json.ctx, { ...ASKED, out: of })).rejects.toThrow(`Cannot write ${of}`);
  await expect(saveRegister(json.ctx, { ...ASKED, out: join(of, 'no', 'x.csv') })).rejects.toThrow('Cannot write');
  expect(await readdir(of)).toEqual([]);
  expect(json.asked).toHaveLength(1);
});
