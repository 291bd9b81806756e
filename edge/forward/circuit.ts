/** So many calls in a row must bring no answer ... */
const FAILURES = 5;
/** ... over at least this long, ms: one replica of core that dies fails all its calls at once, and the others go on. */
const LASTING_MS = 250;
/** How long core is left alone, and a trial is waited for, before the next call tries, ms: sales are waiting. */
const OPEN_MS = 1_000;

export const CIRCUIT_STATES = ['closed', 'open', 'half-open'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

/** A state as it was entered; the object itself stands for this one stay in it. */
interface Stay {
  readonly name: CircuitState;
  /** Failures in a row; only while closed. */
  failures: number;
  /** When it was entered; while closed, when the first of the failures was. */
  since: number;
}

/** Leave to make one call. */
export interface Pass {
  readonly isTrial: boolean;
  /** Whether the circuit has not turned since. */
  isGood(): boolean;
  /** What became of the call. Says nothing once the circuit has turned. */
  end(hasAnswer: boolean): void;
}

export interface Circuit {
  /** Undefined while core is left alone. */
  pass(): Pass | undefined;
  /** Until the next call may try, ms. */
  retryInMs(): number;
  /** Somebody else has seen that core works. */
  close(): void;
  state(): CircuitState;
}

interface CircuitContext {
  readonly now: () => number;
  readonly turned: (to: CircuitState) => void;
}

/**
 * Leaves alone what does not answer, so that nobody waits for it and it is not asked the more for being slow.
 *
 * | state     | a call                    | and then                                                                   |
 * | --------- | ------------------------- | -------------------------------------------------------------------------- |
 * | closed    | is made                   | open, after 5 without an answer in a row, over 250 ms or more              |
 * | open      | is refused at once        | half-open by the first call after 1 s, the trial; closed by a good probe   |
 * | half-open | is refused; one is made   | closed by the trial's answer or a good probe; open by the trial's failure; |
 * |           |                           | half-open again by the first call after 1 s without either: the next trial |
 *
 * There are no other transitions. Any answer is one that core itself gave, 4xx too; none is no connection, no answer in
 * time, or a gateway's 502, 503 or 504. A call that was begun before the circuit turned says nothing of it any more.
 * Driven by calls and their clock alone: a worker has no timers between requests.
 */
export function createCircuit(ctx: CircuitContext): Circuit {
  const enter = (name: CircuitState): Stay => ({ name, failures: 0, since: ctx.now() });
  let stay = enter('closed');
  const turn = (to: CircuitState) => {
    stay = enter(to);
    ctx.turned(to);
  };
  // A clock that was set back does not make it longer.
  const isOver = () => Math.abs(ctx.now() - stay.since) >= OPEN_MS;
  const fail = () => {
    if (stay.name === 'half-open') return turn('open');
    if (stay.failures === 0) stay.since = ctx.now();
    stay.failures += 1;
    if (stay.failures >= FAILURES && Math.abs(ctx.now() - stay.since) >= LASTING_MS) turn('open');
  };
  const succeed = () => {
    if (stay.name === 'half-open') turn('closed');
    else stay.failures = 0;
  };
  return {
    pass() {
      if (stay.name !== 'closed') {
        if (!isOver()) return undefined;
        turn('half-open');
      }
      const ofStay = stay;
      const isGood = () => stay === ofStay;
      return {
        isTrial: ofStay.name === 'half-open',
        isGood,
        end(hasAnswer) {
          if (!isGood()) return;
          if (hasAnswer) succeed();
          else fail();
        },
      };
    },
    retryInMs: () => Math.max(0, OPEN_MS - Math.abs(ctx.now() - stay.since)),
    close() {
      if (stay.name !== 'closed') turn('closed');
    },
    state: () => stay.name,
  };
}
