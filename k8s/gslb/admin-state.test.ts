import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wait } from '#platform/lifecycle/wait.ts';
import { isForcedDown, openAdminState, withLine } from './admin-state.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'insuretech-admin-state-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A tenth of the time: whoever has the lock gives it back at once. */
const state = () => openAdminState({ dir, wait: (ms, signal) => wait(ms / 10, signal) });
const text = () => readFile(join(dir, 'admin_state'), 'utf8');

const [MSK, NSK] = ['203.0.113.10', '203.0.113.74'];

test('D5 an address is kept out, and left to its probes again', async () => {
  expect(await state().isDown(MSK)).toBe(false);
  await state().setDown(MSK, true);
  expect([await text(), await state().isDown(MSK), await state().isDown(NSK)]).toEqual([
    '203.0.113.10/gslb => DOWN\n',
    true,
    false,
  ]);
  await state().setDown(MSK, false);
  expect([await text(), await state().isDown(MSK)]).toEqual(['', false]);
});

test('what an operator wrote by hand stays, and nothing is left beside it', async () => {
  await writeFile(join(dir, 'admin_state'), '# by hand\n198.51.100.9/* => DOWN/30\n203.0.113.10/gslb => UP');
  await state().setDown(MSK, true);
  expect(await text()).toBe('# by hand\n198.51.100.9/* => DOWN/30\n203.0.113.10/gslb => DOWN\n');
  expect(await readdir(dir)).toEqual(['admin_state']);
});

test('D5 of many who write at once none undoes another', async () => {
  const addresses = Array.from({ length: 10 }, (_, place) => `203.0.113.${place}`);
  await Promise.all(addresses.map((address) => state().setDown(address, true)));
  for (const address of addresses) expect(await state().isDown(address)).toBe(true);
});

test('a lock that nobody gives back is named', async () => {
  await writeFile(join(dir, 'admin_state.lock'), '');
  await expect(state().setDown(MSK, true)).rejects.toThrow(`then remove "${join(dir, 'admin_state.lock')}"`);
});

test('a folder that is not there is no folder without forced states', async () => {
  await rm(dir, { recursive: true });
  await expect(state().isDown(MSK)).rejects.toThrow('must be the state_dir of gdnsd');
});

test.each([
  ['203.0.113.10/gslb => DOWN', true],
  ['203.0.113.10/gslb => UP', false],
  ['"203.0.113.10/gslb" = down/60', true],
  ['203.0.113.1?/* => DOWN', true],
  ['*/gslb => DOWN\n203.0.113.10/* => UP', false],
  ['203.0.113.10/* => UP\n*/gslb => DOWN', true],
  ['# 203.0.113.10/gslb => DOWN', false],
  ['203.0.113.101/gslb => DOWN', false],
  ['203x0.113.10/gslb => DOWN', false],
])('%j is read as gdnsd reads it', (lines, isDown) => {
  expect(isForcedDown(lines, '203.0.113.10/gslb')).toBe(isDown);
});

test('a line of its own is the last, so that no pattern overrides it', () => {
  const made = withLine('*/gslb => UP\n', { key: '203.0.113.10/gslb', isDown: true });
  expect(isForcedDown(made, '203.0.113.10/gslb')).toBe(true);
});
