import { describe, expect, test } from 'vitest';
import { interleave } from './interleave.ts';

const quiet = () => ({ say: () => undefined, signal: new AbortController().signal });

describe('interleave', () => {
  test('measures each state once a round, each round beginning with the next one', async () => {
    const order: string[] = [];
    const state = (name: string) => async (round: number) => {
      order.push(name);
      return `${name}${round}`;
    };
    const states = { a: state('a'), again: state('again'), b: state('b') };
    const found = await interleave(quiet(), { what: 'x', rounds: 4, states });
    expect(order.join(' ')).toBe('a again b again b a b a again a again b');
    expect(found.b).toEqual(['b0', 'b1', 'b2', 'b3']);
    expect(found.a).toHaveLength(4);
  });

  test('ends between two measurements when it is asked to', async () => {
    const stopping = new AbortController();
    let measured = 0;
    const a = async () => {
      measured += 1;
      stopping.abort(new Error('stopped by Ctrl-C'));
    };
    const run = interleave({ ...quiet(), signal: stopping.signal }, { what: 'x', rounds: 9, states: { a, b: a } });
    await expect(run).rejects.toThrow('stopped by Ctrl-C');
    expect(measured).toBe(1);
  });
});

test('interleave measures as many rounds as were asked for, whatever is usual', async () => {
  const found = await interleave({ ...quiet(), rounds: 1 }, { what: 'x', rounds: 5, states: { a: async () => 1 } });
  expect(found).toEqual({ a: [1] });
});
