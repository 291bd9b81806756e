import { parseConfig } from '../config.ts';
import type { Observation } from '../context.ts';
import { HOP_KEY } from '../fake-core.testing.ts';
import { guardCall, type Refused } from './guard-call.ts';
import { createHop, type Need } from './hop.ts';
import type { Lane } from './queue.ts';
import type { Sent } from './send-call.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.testing.ts';

const headers = new Headers();
export const ANSWERED: Sent = { kind: 'answered', answer: { status: 200, headers, body: '' } };
/** The connection was refused or reset. */
export const LOST: Sent = { kind: 'failed', reason: 'fetch failed', isThere: false, isRepeatable: true };
/** No answer in time, or a gateway's that core is not to be asked again at once. */
export const SLOW: Sent = { kind: 'failed', reason: 'timed out', isThere: false, isRepeatable: false };

interface Options {
  readonly lane?: Lane;
  readonly need?: Need;
  readonly mayRepeat?: boolean;
  readonly timeoutMs?: number;
}

export const TIMEOUTS = { purchase: 10_000, partner: 3_000, read: 3_000, renewal: 3_000 };

/** The way to core under virtual time, `attempt` being core. */
export function createGuarded({
  places = 64,
  clock = createVirtualClock(),
}: {
  places?: number;
  clock?: VirtualClock;
} = {}) {
  const config = parseConfig({
    REGION: 'msk',
    CORE_URL: 'http://core.test',
    HOP_KEY,
    CORE_CONCURRENCY: String(places),
  });
  const observed: Observation[] = [];
  const nothing = () => undefined;
  const log = { info: nothing, warn: nothing, error: nothing };
  const ctx = { config, log, observe: (seen: Observation) => void observed.push(seen), ...clock };
  const hop = createHop(ctx);
  return {
    clock,
    hop,
    /** How often something of a kind was observed. */
    count: (kind: Observation['kind']) => observed.filter((seen) => seen.kind === kind).length,
    call: (
      attempt: (deadline: number) => Promise<Sent>,
      { lane = 'read', need = 'database', mayRepeat = true, timeoutMs = TIMEOUTS[lane] }: Options = {},
    ): Promise<Sent | Refused> => {
      const deadline = clock.now() + timeoutMs;
      return guardCall({ ...ctx, hop }, { need, lane, deadline, mayRepeat, attempt: () => attempt(deadline) });
    },
  };
}
export type TestGuarded = ReturnType<typeof createGuarded>;
