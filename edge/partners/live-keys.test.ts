import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTestEdge, createTestStore, statuses } from '../edge.testing.ts';
import { ALFA, demoPartner } from '../fake-core.testing.ts';
import { keyMatches } from './key-matches.ts';

const QUOTE = '/v1/quotes/osago?kbm=3';
const digestOf = (key: string) => createHash('sha256').update(key).digest('hex');
const OLD = ALFA.key;
const NEW = `ik_alfa_${'B'.repeat(43)}`;

/** An edge whose alfa holds both keys, both of them in use. */
async function openRotating() {
  const edge = createTestEdge({ store: createTestStore() });
  const hold = (...keys: string[]) =>
    edge.core.partners.set('alfa', { ...ALFA.partner, keyDigests: keys.map(digestOf) });
  hold(OLD, NEW);
  const tryBoth = async () => {
    const answers = [];
    for (const key of [OLD, NEW]) {
      answers.push((await edge.get(QUOTE, { key })).status);
      answers.push((await edge.get('/v1/policies/msk-1', { key })).status);
    }
    await edge.settle();
    return answers;
  };
  expect(await tryBoth()).toEqual([200, 200, 200, 200]);
  return { edge, hold, tryBoth };
}

describe('rotation: two keys of a partner live at once', () => {
  it.each([
    ['the old', NEW, [401, 401, 200, 200]],
    ['the new', OLD, [200, 200, 401, 401]],
  ])('%s one revoked is refused within 30 s everywhere, and the other is never', async (_which, kept, expected) => {
    const { edge, hold, tryBoth } = await openRotating();
    hold(kept);
    for (let second = 1; second < 30; second += 1) {
      edge.clock.advance(1_000);
      expect([second, (await edge.get(QUOTE, { key: kept })).status]).toEqual([second, 200]);
    }
    edge.clock.advance(1_000);
    expect(await tryBoth()).toEqual(expected);
  });

  it('both count on the one limit of their partner', async () => {
    const { edge } = await openRotating();
    edge.clock.advance(1_000);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => edge.get(QUOTE, { key: at % 2 ? OLD : NEW })),
    );
    expect(statuses(answers)).toEqual({ 200: 20, 429: 20 });
  });

  it('none left is 401 for both within 30 s', async () => {
    const { edge, hold, tryBoth } = await openRotating();
    hold();
    edge.clock.advance(30_000);
    expect(await tryBoth()).toEqual([401, 401, 401, 401]);
  });
});

describe("another region's keys", () => {
  it('are 401 where only that region knows the partner, also when both have one store', async () => {
    const store = createTestStore();
    const gamma = demoPartner('gamma', 20);
    const [msk, nsk] = [createTestEdge({ store }), createTestEdge({ store, env: { REGION: 'nsk' } })];
    nsk.core.partners.set('gamma', gamma.partner);
    expect((await nsk.get(QUOTE, { key: gamma.key })).status).toBe(200);
    await nsk.settle();
    for (const path of [QUOTE, '/v1/policies/msk-1'])
      expect((await msk.get(path, { key: gamma.key })).status).toBe(401);
    expect((await nsk.get(QUOTE, { key: gamma.key })).status).toBe(200);
  });

  it('are 401 where the same partner has other ones', async () => {
    const store = createTestStore();
    const [msk, nsk] = [createTestEdge({ store }), createTestEdge({ store, env: { REGION: 'nsk' } })];
    nsk.core.partners.set('alfa', { ...ALFA.partner, keyDigests: [digestOf(NEW)] });
    const tried = [];
    for (const edge of [nsk, msk]) {
      for (const key of [OLD, NEW]) tried.push((await edge.get(QUOTE, { key })).status);
      await edge.settle();
    }
    expect(tried).toEqual([401, 200, 200, 401]);
  });
});

describe('keyMatches', () => {
  /** A digest that notes which of its digits were looked at. */
  function watched(digest: string) {
    const seen: number[] = [];
    const text = {
      length: digest.length,
      charCodeAt: (at: number) => {
        seen.push(at);
        return digest.charCodeAt(at);
      },
    };
    return { seen, digest: text as unknown as string };
  }
  const EVERY = Array.from({ length: 64 }, (_, at) => at);
  const right = digestOf(OLD);
  const changed = (at: number) => `${right.slice(0, at)}${right[at] === '0' ? '1' : '0'}${right.slice(at + 1)}`;

  it.each([
    ['both wrong from the first digit', [changed(0), changed(0)], false],
    ['the first wrong in its last digit', [changed(63), changed(0)], false],
    ['the first right', [right, changed(0)], true],
    ['the second right', [changed(0), right], true],
    ['both right', [right, right], true],
  ])('looks at every digit of every digest once, in order: %s', async (_which, digests, expected) => {
    const held = digests.map(watched);
    const found = await keyMatches(
      OLD,
      held.map(({ digest }) => digest),
    );
    expect(found).toBe(expected);
    expect(held.map(({ seen }) => seen)).toEqual([EVERY, EVERY]);
  });
});
