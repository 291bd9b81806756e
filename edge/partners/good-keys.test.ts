import { createHash } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { ALFA, BETA } from '../fake-core.testing.ts';
import { createGoodKeys } from './good-keys.ts';

const digestOf = (key: string) => createHash('sha256').update(key).digest('hex');
const hashed = vi.spyOn(crypto.subtle, 'digest');
afterEach(() => void hashed.mockClear());

it('a good key is hashed when it is first shown and not again, and is good only while its digest is there', async () => {
  const { check } = createGoodKeys();
  const digests = [digestOf(ALFA.key), digestOf(BETA.key)];
  expect(await check(ALFA.key, digests)).toBe(true);
  const first = hashed.mock.calls.length;
  for (let time = 0; time < 100; time += 1) expect(await check(ALFA.key, digests)).toBe(true);
  expect(await check(ALFA.key, [digestOf(BETA.key)])).toBe(false);
  expect(await check(ALFA.key, [])).toBe(false);
  expect(await check(ALFA.key, [digestOf(ALFA.key)])).toBe(true);
  expect(hashed).toHaveBeenCalledTimes(first);
});

it('a key that is not good is worked out each time, also once it was tried, and becomes good when it is issued', async () => {
  const { check } = createGoodKeys();
  for (let time = 1; time <= 3; time += 1) {
    expect(await check(ALFA.key, [digestOf(BETA.key)])).toBe(false);
    expect(hashed).toHaveBeenCalledTimes(time);
  }
  expect(await check(ALFA.key, [digestOf(ALFA.key)])).toBe(true);
});

it('remembers 2,000 keys at most, those that were good last', async () => {
  const { check } = createGoodKeys();
  const keys = Array.from({ length: 2_001 }, (_, at) => `ik_alfa_${at}`);
  for (const key of keys) await check(key, [digestOf(key)]);
  hashed.mockClear();
  expect(await check(keys.at(-1) as string, [digestOf(keys.at(-1) as string)])).toBe(true);
  expect(hashed).not.toHaveBeenCalled();
  expect(await check(keys[0] as string, [digestOf(keys[0] as string)])).toBe(true);
  expect(hashed).toHaveBeenCalled();
});
