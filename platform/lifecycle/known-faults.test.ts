import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { type Check, type Health, healthRoutes } from './health.ts';

type Routes = (health: Health) => Hono;

const ours: Routes = (health) => healthRoutes(health, { now: () => 0 });

const NAMES = ['core', 'database', 'outbox'];
/** Every way in which three checks can be good (true) or bad. */
const STATES = Array.from({ length: 2 ** NAMES.length }, (_, bits) =>
  NAMES.map((name, place) => [name, (bits & (1 << place)) === 0] as const),
);

const checksOf = (state: readonly (readonly [string, boolean])[]): Record<string, Check> =>
  Object.fromEntries(
    state.map(([name, isGood]) => [name, () => (isGood ? Promise.resolve() : Promise.reject(new Error('away')))]),
  );

/** LAW: a region is good for traffic only while each of its checks is, whichever of them fail. */
async function hidesNothing(routes: Routes): Promise<void> {
  for (const state of STATES) {
    const answer = await routes({ ready: true, checks: checksOf(state) }).request('/healthz/gslb');
    const isGood = state.every(([, good]) => good);
    expect(answer.status, 'a healthy service hid another').toBe(isGood ? 200 : 503);
  }
}

/** A probe that asks by `ask` and answers 200 when that resolves. */
const naive =
  (ask: (checks: readonly Check[]) => Promise<unknown>): Routes =>
  ({ checks }) =>
    new Hono().get('/healthz/gslb', async (c) => {
      const isGood = await ask(Object.values(checks)).then(
        () => true,
        () => false,
      );
      return c.json({}, isGood ? 200 : 503);
    });

describe('F12 one healthy service that hides the others', () => {
  test('R8 S1 /healthz/gslb keeps the law', () => hidesNothing(ours));
  test('R8 S1 a probe that is good when any service is good is caught', async () => {
    const faulty = naive((checks) => Promise.any(checks.map((check) => check())));
    await expect(hidesNothing(faulty)).rejects.toThrow('a healthy service hid another');
  });
  test('R8 S1 a probe that is good when the first service to answer is good is caught', async () => {
    const faulty = naive((checks) => Promise.race(checks.map((check) => check())));
    await expect(hidesNothing(faulty)).rejects.toThrow('a healthy service hid another');
  });
  test('R8 S1 a probe that asks services and does not look at what they say is caught', async () => {
    const faulty = naive((checks) => Promise.allSettled(checks.map((check) => check())));
    await expect(hidesNothing(faulty)).rejects.toThrow('a healthy service hid another');
  });
});
