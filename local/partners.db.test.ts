import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createStand, FIRST_DIGEST, type Stand } from './partners-command/stand.testing.ts';

const HALVES = { msk: 50, nsk: 50 };
const TITLES = 'region  limit  share %  commission %  keys  SHA-256 begins with';
const rowOf = (region: string) => `${region}        20       50          5.00     1  ${FIRST_DIGEST.slice(0, 8)}`;

let stand: Stand;
let home: string;
beforeAll(async () => {
  stand = await createStand();
  home = await mkdtemp(join(tmpdir(), 'partners-'));
  for (const [name, percent] of [
    ['msk', 30],
    ['nsk', 70],
  ]) {
    const edge = {
      REGION: name,
      CORE_URL: 'http://127.0.0.1:1',
      HOP_KEY: 'k'.repeat(43),
      LIMIT_SHARE_PERCENT: percent,
    };
    await mkdir(join(home, `.local/${name}`), { recursive: true });
    const lines = Object.entries(edge).map(([variable, value]) => `${variable}=${value}\n`);
    await writeFile(join(home, `.local/${name}/edge.env`), lines.join(''));
  }
  const regions = [stand.msk.api, stand.nsk.api].map(({ name, url }) => ({ name, core: url }));
  const demo = { regions, keys: { operator: stand.msk.api.token } };
  await writeFile(join(home, '.local/demo.json'), JSON.stringify(demo));
});
beforeEach(() => stand.reset());
afterAll(async () => {
  await stand[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

/** `npm run partners -- ...` where a start of the test's regions runs; with `stopAt` interrupted once it has said that. */
async function partners(line: string, { env = {}, stopAt }: { env?: Record<string, string>; stopAt?: string } = {}) {
  const args = ['--disable-warning=ExperimentalWarning', resolve('local/partners.ts'), ...line.split(' ')];
  const command = spawn(process.execPath, args, { cwd: home, env: { ...process.env, CORE_URL: '', ...env } });
  command.stderr.on('data', (chunk: Buffer) => {
    if (stopAt && chunk.toString().includes(stopAt)) command.kill('SIGINT');
  });
  const [out, error, code] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    new Promise<number | null>((done) => command.on('close', done)),
  ]);
  return { lines: out.trimEnd().split('\n'), error: error.trimEnd(), code };
}

const shares = async () => (await stand.terms()).map(({ limitShares }) => limitShares);

test('npm run partners acts on every region of a running npm start, or on those that are named', async () => {
  expect(await partners('show alfa')).toEqual({ code: 0, error: '', lines: [TITLES, rowOf('msk'), rowOf('nsk')] });
  expect(await partners('limit alfa 40 --region nsk')).toMatchObject({ code: 0, error: '' });
  expect((await stand.terms()).map(({ limitPerSecond }) => limitPerSecond)).toEqual([20, 40]);
  expect((await partners('show alfa')).code).toBe(1);
});

test('npm run partners acts on the core at CORE_URL, as the region that it is said to be', async () => {
  const env = { CORE_URL: stand.nsk.api.url, OPERATOR_TOKEN: stand.nsk.api.token };
  expect((await partners('show alfa --region nsk', { env })).lines).toEqual([TITLES, rowOf('nsk')]);
  expect(await partners('show alfa', { env })).toMatchObject({
    code: 78,
    error: expect.stringContaining('CORE_URL is set: --region has to say once of which region that core is'),
  });
});

test('D6 npm run partners -- share counts from what npm start told the edges where the terms do not say', async () => {
  for (const region of [stand.msk, stand.nsk]) await region.set({ limitShares: undefined });
  expect(await partners('share alfa msk=30 nsk=70')).toMatchObject({ code: 0, error: '' });
  expect(await shares()).toEqual(Array(2).fill({ msk: 30, nsk: 70 }));
});

test('D6 npm run partners -- share that is interrupted while it waits has lowered and not raised, and says so', async () => {
  const { code, lines } = await partners('share alfa msk=20 nsk=80', { stopAt: 'Set in msk.' });
  expect([code, await shares()]).toEqual([1, [{ msk: 20, nsk: 80 }, HALVES]]);
  expect(lines.slice(1)).toEqual([
    'msk          50     20  set',
    'nsk          50         not set: stopped by SIGINT',
    'In force at the edges of msk within 30 s.',
  ]);
});

test.each([
  ['share alfa msk=50 nsk=51', 78, 'partners: SHARE must add up to 100 or less, and adds up to 101'],
  ['share alfa msk=50.5', 78, 'partners: SHARE is "msk=50.5" but must be REGION=PERCENT'],
  ['share alfa msk=20 ekb=80', 78, 'partners: SHARE names ekb but must name regions that run here: msk, nsk.'],
  ['limit alfa 40 --region ekb', 78, 'partners: --region is "ekb" but must be one that runs here: msk, nsk.'],
  ['limit gamma 40', 1, 'partners: msk: Partner "gamma" was not found'],
  ['revoke-key alfa 00000000', 1, 'partners: Nothing was changed: no live key begins with 00000000'],
])('npm run partners -- %s ends with %i and one sentence, and changes nothing', async (line, code, sentence) => {
  const before = await stand.terms();
  expect(await partners(line)).toMatchObject({ code, lines: [''], error: expect.stringContaining(sentence) });
  expect(await stand.terms()).toEqual(before);
});
