import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gather, MOST_ROWS, RUNS_AT_ONCE } from './gather.ts';

class Lost extends Error {}

/** A gatherer whose runs end when the test says so. */
function held() {
  const runs: { rows: readonly number[]; end: PromiseWithResolvers<readonly string[]> }[] = [];
  const add = gather<number, string>({
    run: (rows) => {
      const end = Promise.withResolvers<readonly string[]>();
      runs.push({ rows, end });
      return end.promise;
    },
    isUnknown: (error) => error instanceof Lost,
  });
  const succeed = async (place: number) => {
    const run = runs[place];
    run?.end.resolve(run.rows.map((row) => `done ${row}`));
    await run?.end.promise;
  };
  return { add, runs, succeed };
}
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('gather', () => {
  test('starts the first rows at once, each alone', () => {
    const { add, runs } = held();
    for (const row of numbers(0, RUNS_AT_ONCE)) void add(row);
    expect(runs.map(({ rows }) => rows)).toEqual(numbers(0, RUNS_AT_ONCE).map((row) => [row]));
  });

  test('has no more runs under way than it may, and gathers the rest in the order they came', async () => {
    const { add, runs, succeed } = held();
    const asked = numbers(0, RUNS_AT_ONCE + 5).map(add);
    expect(runs).toHaveLength(RUNS_AT_ONCE);
    await succeed(0);
    await turn();
    expect(runs[RUNS_AT_ONCE]?.rows).toEqual(numbers(RUNS_AT_ONCE, 5));
    for (const place of numbers(1, RUNS_AT_ONCE)) await succeed(place);
    expect(await Promise.all(asked)).toEqual(numbers(0, RUNS_AT_ONCE + 5).map((row) => `done ${row}`));
  });

  test('takes at most 64 rows in a run, those that waited longest first', async () => {
    expect(MOST_ROWS).toBe(64);
    const { add, runs, succeed } = held();
    for (const row of numbers(0, RUNS_AT_ONCE + MOST_ROWS + 10)) void add(row);
    await succeed(0);
    await turn();
    await succeed(1);
    await turn();
    expect(runs.slice(RUNS_AT_ONCE).map(({ rows }) => rows)).toEqual([
      numbers(RUNS_AT_ONCE, MOST_ROWS),
      numbers(RUNS_AT_ONCE + MOST_ROWS, 10),
    ]);
  });

  test('a bad row fails for itself: its neighbours are tried again and succeed', async () => {
    const add = gather<number, string>({
      run: async (rows) => {
        await turn();
        if (rows.some((row) => row % 10 === 7)) throw new Error(`bad among ${rows.length}`);
        return rows.map((row) => `done ${row}`);
      },
      isUnknown: (error) => error instanceof Lost,
    });
    const outcomes = await Promise.all(numbers(0, 30).map((row) => add(row).catch((error: Error) => error.message)));
    expect(outcomes).toEqual(numbers(0, 30).map((row) => (row % 10 === 7 ? 'bad among 1' : `done ${row}`)));
  });

  test('D2 a run whose outcome is unknown fails for all its rows and is not repeated; rows that waited go on', async () => {
    const { add, runs, succeed } = held();
    const asked = numbers(0, RUNS_AT_ONCE + MOST_ROWS + 1).map((row) => add(row).catch((error: Error) => error));
    await succeed(0);
    await turn();
    const lost = new Lost();
    runs[RUNS_AT_ONCE]?.end.reject(lost);
    await turn();
    expect(await Promise.all(asked.slice(RUNS_AT_ONCE, -1))).toEqual(numbers(0, MOST_ROWS).map(() => lost));
    expect(runs.at(-1)?.rows).toEqual([RUNS_AT_ONCE + MOST_ROWS]);
    for (const place of numbers(1, runs.length - 1)) if (place !== RUNS_AT_ONCE) await succeed(place);
    expect(await asked.at(-1)).toBe(`done ${RUNS_AT_ONCE + MOST_ROWS}`);
  });

  test('a row refused by the time that its turn comes is not run, alone, together or in a second try', async () => {
    const refused = new Set<number>();
    const runs: (readonly number[])[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const add = gather<number, string>({
      run: async (rows) => {
        runs.push(rows);
        await gate;
        // By their second try.
        if (rows.length > 1) for (const row of [5, 6]) refused.add(row);
        if (rows.includes(7)) throw new Error('bad');
        return rows.map((row) => `done ${row}`);
      },
      isUnknown: (error) => error instanceof Lost,
      refusalOf: (row) => (refused.has(row) ? new Error(`refused ${row}`) : undefined),
    });
    const asked = numbers(0, 9).map((row) => add(row).catch((error: Error) => error.message));
    for (const row of [2, 3]) refused.add(row);
    open();
    const said = ['done 0', 'done 1', 'refused 2', 'refused 3', 'done 4', 'refused 5', 'refused 6', 'bad', 'done 8'];
    expect(await Promise.all(asked)).toEqual(said);
    expect(runs).toEqual([[0], [1], [4, 5, 6, 7, 8], [4], [7], [8]]);
    refused.add(9);
    await expect(add(9)).rejects.toThrow('refused 9');
    expect(await add(10)).toBe('done 10');
  });

  test('whole runs of refused rows keep nobody behind them waiting', async () => {
    const refused = numbers(RUNS_AT_ONCE, RUNS_AT_ONCE * MOST_ROWS);
    const behind = RUNS_AT_ONCE + refused.length;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const add = gather<number, string>({
      run: (rows) => gate.then(() => rows.map((row) => `done ${row}`)),
      isUnknown: (error) => error instanceof Lost,
      refusalOf: (row) => (refused.includes(row) ? new Error('refused') : undefined),
    });
    const asked = numbers(0, behind + 1).map((row) => add(row).catch((error: Error) => error.message));
    open();
    expect((await Promise.all(asked)).slice(RUNS_AT_ONCE)).toEqual([...refused.map(() => 'refused'), `done ${behind}`]);
  });

  test('each row gets its own outcome, once, whatever runs fail and in whatever order they end', {
    timeout: 20_000,
  }, async () => {
    const anyRow = fc.constantFrom('good', 'bad', 'lost');
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(anyRow, { maxLength: 200 }), async (scheduler, kinds) => {
        const tried = new Map<number, number>();
        let underWay = 0;
        const add = gather<number, string>({
          run: (rows) => {
            underWay += 1;
            for (const row of rows) tried.set(row, (tried.get(row) ?? 0) + 1);
            if (rows.length > 1) expect(underWay).toBeLessThanOrEqual(RUNS_AT_ONCE + MOST_ROWS);
            expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
            return scheduler.schedule(Promise.resolve()).then(() => {
              underWay -= 1;
              if (rows.some((row) => kinds[row] === 'lost')) throw new Lost('lost');
              if (rows.some((row) => kinds[row] === 'bad')) throw new Error('bad');
              return rows.map((row) => `good ${row}`);
            });
          },
          isUnknown: (error) => error instanceof Lost,
        });
        const asked = Promise.all(kinds.map((_, row) => add(row).catch((error: Error) => error.message)));
        await scheduler.waitFor(asked);
        for (const [row, outcome] of (await asked).entries()) {
          const own = kinds[row] === 'good' ? `good ${row}` : kinds[row];
          // Lost with a neighbour that was lost; but then it was tried only once.
          if (outcome === 'lost' && own !== 'lost') expect(tried.get(row)).toBe(1);
          else expect(outcome).toBe(own);
          expect(tried.get(row)).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 100 },
    );
  });
});
