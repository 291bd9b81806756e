import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CircuitState, createCircuit, type Pass } from './circuit.ts';

const SECOND = 1_000;

function start() {
  let now = 1_000_000;
  const turns: CircuitState[] = [];
  const circuit = createCircuit({ now: () => now, turned: (to) => void turns.push(to) });
  /** Calls that end at once, so many ms apart; undefined for one that was not let through. */
  const call = (hasAnswer: boolean) => {
    const pass = circuit.pass();
    pass?.end(hasAnswer);
    return pass && { isTrial: pass.isTrial };
  };
  const fail = (times: number, everyMs = 100) => {
    for (let at = 0; at < times; at += 1) {
      if (at > 0) now += everyMs;
      call(false);
    }
  };
  return {
    circuit,
    turns,
    call,
    fail,
    advance: (ms: number) => {
      now += ms;
    },
    /** A circuit that has just opened. */
    open() {
      fail(5);
      expect(circuit.state()).toBe('open');
      turns.length = 0;
    },
  };
}

describe('a closed circuit', () => {
  it('opens by the fifth failure in a row, not by the fourth', () => {
    const { circuit, fail, turns, call } = start();
    fail(4);
    expect(circuit.state()).toBe('closed');
    call(false);
    expect([circuit.state(), turns]).toEqual(['open', ['open']]);
  });

  it.each([1, 2, 3, 4])('counts anew after an answer, as after %i failures', (failures) => {
    const { circuit, fail, call } = start();
    for (let round = 0; round < 10; round += 1) {
      fail(failures);
      call(true);
    }
    fail(4);
    expect(circuit.state()).toBe('closed');
  });

  it('stays closed for any number of failures within 250 ms: a replica of many died, and others answer', () => {
    const { circuit, fail, advance, call } = start();
    fail(50, 0);
    advance(249);
    fail(1);
    expect(circuit.state()).toBe('closed');
    call(true);
    advance(1);
    fail(1);
    expect(circuit.state()).toBe('closed');
    fail(50, 0);
    advance(250);
    fail(1);
    expect(circuit.state()).toBe('open');
  });
});

describe('an open circuit', () => {
  it('refuses for 1 s, says truly how long still, and then lets one trial through', () => {
    const { circuit, open, advance, call } = start();
    open();
    const refusals = [1, 499, 499, 1].map((ms) => {
      const refusal = [call(true), circuit.retryInMs()];
      advance(ms);
      return refusal;
    });
    expect(refusals).toEqual([1_000, 999, 500, 1].map((left) => [undefined, left]));
    expect(circuit.retryInMs()).toBe(0);
    const trial = circuit.pass();
    expect([trial?.isTrial, circuit.state(), circuit.pass()]).toEqual([true, 'half-open', undefined]);
  });

  it.each([
    [true, 'closed'],
    [false, 'open'],
  ] as const)('is, when its trial has an answer: %s, afterwards %s', (hasAnswer, then) => {
    const { circuit, open, advance, call, turns } = start();
    open();
    advance(SECOND);
    call(hasAnswer);
    expect([circuit.state(), turns]).toEqual([then, ['half-open', then]]);
    // Refused for a whole second again, or not at all.
    advance(SECOND - 1);
    expect(call(true)).toEqual(hasAnswer ? { isTrial: false } : undefined);
  });

  it('lets the next trial through after 1 s when one says nothing, and hears only the last', () => {
    const { circuit, open, advance, turns } = start();
    open();
    advance(SECOND);
    const lost = circuit.pass();
    advance(SECOND - 1);
    expect(circuit.pass()).toBeUndefined();
    advance(1);
    const next = circuit.pass();
    lost?.end(false);
    expect([next?.isTrial, lost?.isGood(), circuit.state()]).toEqual([true, false, 'half-open']);
    next?.end(true);
    lost?.end(false);
    expect([circuit.state(), turns]).toEqual(['closed', ['half-open', 'half-open', 'closed']]);
  });

  it.each([0, SECOND])('closes by a good probe after %i ms, and by nothing that was begun before it opened', (ms) => {
    const { circuit, fail, advance, call } = start();
    const old = circuit.pass();
    fail(5);
    advance(ms);
    if (ms > 0) circuit.pass();
    old?.end(true);
    expect(circuit.state()).not.toBe('closed');
    circuit.close();
    expect([circuit.state(), call(true)]).toEqual(['closed', { isTrial: false }]);
  });

  it('does not stay open the longer for a clock that is set back', () => {
    const { circuit, open, advance, call } = start();
    open();
    advance(-3_600 * SECOND);
    expect([circuit.retryInMs(), call(true)?.isTrial, circuit.state()]).toEqual([0, true, 'closed']);
  });
});

const LEGAL = [
  'closed open',
  'open half-open',
  'open closed',
  'half-open closed',
  'half-open open',
  'half-open half-open',
];

it('a circuit makes its legal transitions alone, has one trial a second at most, and always lets somebody try again', () => {
  const of = <Kind extends string>(kind: Kind) => fc.constant({ kind });
  const step = fc.oneof(
    { weight: 10, arbitrary: of('call') },
    { weight: 2, arbitrary: of('begin') },
    { weight: 2, arbitrary: of('end') },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 600 }) }),
    },
    { weight: 1, arbitrary: of('probe') },
    { weight: 2, arbitrary: of('turn of health') },
  );
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 200 }), (steps) => {
      let [now, last, trialAt, isHealthy] = [0, 'closed', Number.NEGATIVE_INFINITY, false];
      const circuit = createCircuit({
        now: () => now,
        turned: (to) => {
          seen.add(`${last} ${to}`);
          expect(LEGAL).toContain(`${last} ${to}`);
          last = to;
        },
      });
      const underWay: Pass[] = [];
      const begin = () => {
        const pass = circuit.pass();
        expect(pass !== undefined).toBe(last === 'closed' || pass?.isTrial === true);
        if (pass?.isTrial) {
          expect(now - trialAt).toBeGreaterThanOrEqual(SECOND);
          trialAt = now;
        }
        return pass;
      };
      const act = {
        call: () => begin()?.end(isHealthy),
        begin: () => underWay.push(...[begin() ?? []].flat()),
        end: () => underWay.shift()?.end(isHealthy),
        probe: () => circuit.close(),
        'turn of health': () => {
          isHealthy = !isHealthy;
        },
      };
      for (const each of steps) {
        if (each.kind === 'advance') now += each.ms;
        else act[each.kind]();
      }
      now += SECOND;
      expect(begin()).toBeDefined();
    }),
    { numRuns: 500 },
  );
  expect([...seen].sort()).toEqual([...LEGAL].sort());
});
