import fc from 'fast-check';
import { type Asking, anyAsking } from './any-asking.testing.ts';
import { STORE_FAULTS, type StoreFault } from './faulty-store.testing.ts';
import type { CoreFault } from './quoting-region.testing.ts';

export interface Ask {
  readonly edge: number;
  readonly caller: number;
  readonly asking: Asking;
  /** Sends the ETag that it knows. */
  readonly knows: boolean;
}

/** One thing that happens to a region. What is `meanwhile` happens while the next answer of core is on its way. */
export type Step =
  | { readonly do: 'ask'; readonly asks: readonly Ask[] }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'go-to-midnight'; readonly beforeMs: number }
  | { readonly do: 'publish'; readonly insurer: string; readonly baseMinor: number; readonly meanwhile: boolean }
  | { readonly do: 'withdraw'; readonly insurer: string; readonly meanwhile: boolean }
  | { readonly do: 'core'; readonly fault: CoreFault; readonly coreMs: number; readonly before: number }
  | { readonly do: 'store'; readonly fault: StoreFault }
  | { readonly do: 'restart'; readonly edge: number };

export const INSURERS = ['volga', 'baikal', 'ural'];

/** Around every boundary there is; a clock is set back a little, too. */
const WAITS_MS = [1, 900, 1_000, 2_001, 5_000, 29_000, 30_000, 61_000, 301_000, 780_000, 840_000, -1, -700, -4_000];

const weigh = <Value>(weight: number, arbitrary: fc.Arbitrary<Value>) => ({ weight, arbitrary });
type Named<Name extends Step['do']> = Extract<Step, { do: Name }>;
type Rest<Name extends Step['do']> = {
  [K in Exclude<keyof Named<Name>, 'do'>]: fc.Arbitrary<Named<Name>[K]>;
};
const step = <Name extends Step['do']>(name: Name, rest: Rest<Name>) =>
  // The record has the fields of this very step, which the compiler cannot see of a name that it does not know.
  fc.record({ do: fc.constant(name), ...rest }) as unknown as fc.Arbitrary<Step>;

const anyFault = fc.oneof(
  weigh(5, fc.constant<CoreFault>('none')),
  weigh(1, fc.constantFrom<CoreFault[]>('dead', '500', '502', '503')),
);
const anyChange = { insurer: fc.constantFrom(...INSURERS), meanwhile: fc.boolean() };

/** For tests: up to 60 steps of a region with some edges and callers. Questions come from a few, so that spellings of one meet. */
export const anyRun = ({ edges, callers }: { edges: number; callers: number }): fc.Arbitrary<Step[]> =>
  fc.array(anyAsking, { minLength: 3, maxLength: 6 }).chain((askings) => {
    const anyEdge = fc.nat({ max: edges - 1 });
    const anyAsk = fc.record({
      edge: anyEdge,
      caller: fc.nat({ max: callers - 1 }),
      asking: fc.constantFrom(...askings),
      knows: fc.boolean(),
    });
    const asks = (minLength: number, maxLength: number) =>
      step('ask', { asks: fc.array(anyAsk, { minLength, maxLength }) });
    const anyStep = fc.oneof(
      weigh(14, asks(1, 1)),
      weigh(3, asks(2, 5)),
      weigh(8, step('wait', { ms: fc.constantFrom(...WAITS_MS) })),
      weigh(1, step('go-to-midnight', { beforeMs: fc.constantFrom(1, 400, 5_000, 70_000, 600_000) })),
      weigh(3, step('publish', { ...anyChange, baseMinor: fc.integer({ min: 140_000, max: 860_000 }) })),
      weigh(1, step('withdraw', anyChange)),
      weigh(
        3,
        step('core', {
          fault: anyFault,
          coreMs: fc.constantFrom(0, 0, 0, 20, 900, 2_900, 3_000),
          before: fc.constantFrom(0, 0.5, 1),
        }),
      ),
      weigh(3, step('store', { fault: fc.constantFrom<StoreFault[]>('none', ...STORE_FAULTS) })),
      weigh(1, step('restart', { edge: anyEdge })),
    );
    return fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' });
  });
