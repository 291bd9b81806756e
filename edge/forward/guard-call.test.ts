import { describe, expect, it } from 'vitest';
import { ANSWERED, createGuarded, LOST, SLOW, type TestGuarded } from './guarded.testing.ts';
import type { Sent } from './send-call.ts';

/** A core that meets each attempt with the next of these, each after so many ms. */
function script(...outcomes: readonly (readonly [Sent, number?])[]) {
  const left = [...outcomes];
  const guarded = createGuarded();
  let attempts = 0;
  const attempt = async () => {
    attempts += 1;
    const [sent, afterMs = 0] = left.shift() ?? [ANSWERED];
    await guarded.clock.wait(afterMs);
    return sent;
  };
  const call = async (options?: Parameters<TestGuarded['call']>[1]) => {
    const calling = guarded.call(attempt, options);
    await guarded.clock.run(20_000);
    return calling;
  };
  return { ...guarded, call, attempts: () => attempts };
}

/** Lets the circuit of what needs the database open. */
async function breakCircuit({ call, clock }: TestGuarded): Promise<void> {
  for (let failure = 0; failure < 5; failure += 1) {
    await call(async () => SLOW);
    await clock.run(100);
  }
}
const never = () => new Promise<Sent>(() => undefined);

describe('a call that was lost', () => {
  it('is sent once more, holding one place all the while, and its second answer counts', async () => {
    const { call, attempts, count, hop } = script([LOST], [ANSWERED]);
    expect([await call(), attempts(), count('core-retry'), hop.queue.underWay()]).toEqual([ANSWERED, 2, 1, 0]);
  });

  it('is not sent a third time', async () => {
    const { call, attempts } = script([LOST], [LOST], [ANSWERED]);
    expect([await call(), attempts()]).toEqual([LOST, 2]);
  });

  it.each([
    ['that may not be repeated', { mayRepeat: false }, [LOST]],
    ['that was answered too late, or by a gateway that says wait', {}, [SLOW]],
    ['whose failure took longer than 1 s', {}, [LOST, 1_001]],
    ['whose time was over by then', { timeoutMs: 900 }, [LOST, 900]],
  ] as const)('%s is sent once', async (_which, options, first) => {
    const { call, attempts, count } = script(first, [ANSWERED]);
    expect([await call(options), attempts(), count('core-retry')]).toEqual([first[0], 1, 0]);
  });

  it.each([
    ['within 1 s', {}, 1_000],
    ['a moment before its deadline', { timeoutMs: 900 }, 899],
  ] as const)('%s is sent twice', async (_when, options, afterMs) => {
    const { call, attempts } = script([LOST, afterMs], [ANSWERED]);
    expect([await call(options), attempts()]).toEqual([ANSWERED, 2]);
  });

  it('is sent once when it was the failure that opened the circuit', async () => {
    const guarded = script(...Array<[Sent]>(4).fill([SLOW]), [LOST], [ANSWERED]);
    for (let failure = 0; failure < 4; failure += 1) await guarded.call();
    expect([await guarded.call(), guarded.attempts(), guarded.hop.circuits.database.state()]).toEqual([
      LOST,
      5,
      'open',
    ]);
  });

  it('costs a core in trouble a tenth more calls, and ten', async () => {
    // Each second attempt succeeds, so that the circuit stays closed.
    const outcomes = Array.from({ length: 2_000 }, (_, at): [Sent] => [at % 2 === 0 ? LOST : ANSWERED]);
    const guarded = createGuarded();
    let calls = 0;
    for (; outcomes.length > 0; calls += 1) await guarded.call(async () => outcomes.shift()?.[0] ?? ANSWERED);
    expect(guarded.count('core-retry')).toBeLessThanOrEqual(10 + calls / 10);
    expect(guarded.count('core-retry')).toBeGreaterThan(calls / 10);
  });
});

describe('the places before core', () => {
  it.each<[string, () => Promise<Sent>]>([
    ['an answer', async () => ANSWERED],
    ['a failure', async () => SLOW],
    ['two failures', async () => LOST],
    [
      'an error of our own',
      async () => {
        throw new RangeError('ours');
      },
    ],
  ])('are free again after %s', async (_what, attempt) => {
    const { call, hop } = createGuarded({ places: 1 });
    await call(attempt).catch((error) => expect(error).toBeInstanceOf(RangeError));
    expect([hop.queue.underWay(), await call(async () => ANSWERED)]).toEqual([0, ANSWERED]);
  });

  it('are free again after calls that waited were refused because the circuit had opened meanwhile; none was sent', async () => {
    const guarded = createGuarded({ places: 1 });
    const { call, clock, hop } = guarded;
    const { promise: gate, resolve: open } = Promise.withResolvers<Sent>();
    const holder = call(() => gate, { need: 'memory' });
    let attempts = 0;
    const waiting = ['database', 'database', 'memory'] as const;
    const outcomes = waiting.map((need) =>
      call(
        async () => {
          attempts += 1;
          return ANSWERED;
        },
        { need, timeoutMs: 20_000 },
      ),
    );
    const passes = Array.from({ length: 5 }, () => hop.circuits.database.pass());
    for (const pass of passes) {
      pass?.end(false);
      await clock.run(100);
    }
    open(ANSWERED);
    await holder;
    const refused = { kind: 'refused', why: 'circuit-open', retryInMs: 900 };
    expect(await Promise.all(outcomes)).toEqual([refused, refused, ANSWERED]);
    expect([attempts, hop.queue.underWay()]).toEqual([1, 0]);
  });
});

describe('a core that is left alone', () => {
  it('costs a call nothing: it is refused at once, and told truly when to come back', async () => {
    const guarded = createGuarded();
    await breakCircuit(guarded);
    await guarded.clock.run(300);
    expect(await guarded.call(never)).toEqual({ kind: 'refused', why: 'circuit-open', retryInMs: 600 });
    expect(guarded.hop.queue.underWay()).toBe(0);
  });

  it('is tried although calls that hang hold all places, and is back at once', async () => {
    const guarded = createGuarded({ places: 3 });
    const { call, clock, hop } = guarded;
    await breakCircuit(guarded);
    for (let place = 0; place < 3; place += 1) void call(never, { need: 'memory', lane: 'purchase' });
    await clock.run(1_000);
    expect([hop.queue.underWay(), await call(async () => ANSWERED)]).toEqual([3, ANSWERED]);
    expect(hop.circuits.database.state()).toBe('closed');
  });

  it('for want of its database still quotes', async () => {
    const guarded = createGuarded();
    await breakCircuit(guarded);
    expect(await guarded.call(async () => ANSWERED, { need: 'memory' })).toEqual(ANSWERED);
    expect(await guarded.call(async () => ANSWERED)).toMatchObject({ why: 'circuit-open' });
  });

  it('is not for saying what is no answer: a redirect, or a hop that it does not believe', async () => {
    const guarded = createGuarded();
    const redirected: Sent = { kind: 'failed', reason: 'redirect', isThere: true, isRepeatable: false };
    for (let failure = 0; failure < 20; failure += 1) {
      expect(await guarded.call(async () => redirected)).toEqual(redirected);
      await guarded.clock.run(100);
    }
  });
});
