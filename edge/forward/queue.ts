import type { EdgeContext } from '../context.ts';

/** What a call to core is for, in their order: a sale, who a caller is, what a reader waits for, what nobody waits for. */
export const LANES = ['purchase', 'partner', 'read', 'renewal'] as const;
export type Lane = (typeof LANES)[number];
/** Behind each of them there is a client. */
const AWAITED: readonly Lane[] = ['purchase', 'partner', 'read'];

/** Calls of clients that wait at most, for each place: beyond that an early 503 serves them better. */
export const WAITING_PER_PLACE = 4;
/** Renewals cost nobody an answer: so many may wait as become stale together with a new tariff. */
const MOST_RENEWALS = 2_000;
/** And so many are under way at once: they keep core busy, and whoever waits for an answer does not wait for all of them. */
const RENEWALS_UNDER_WAY = 4;
/** A place is taken back this long after its call should have ended, ms: its request was ended by the runtime. */
const LOST_AFTER_MS = 1_000;

/** The right to make one call; `leave` gives it to the next, once. */
export interface Place {
  leave(): void;
}
/** Why there is none. */
export type NoPlace = 'queue-full' | 'waited-too-long' | 'client-left';

interface Entrant {
  readonly lane: Lane;
  /** When the call is given up, ms since 1970. */
  readonly deadline: number;
  /** Aborts when nobody wants the answer any more. */
  readonly gone?: AbortSignal | undefined;
}

interface Waiting {
  readonly deadline: number;
  readonly until: number;
  end(outcome: Place | NoPlace): void;
}

export interface Queue {
  enter(entrant: Entrant): Promise<Place | NoPlace>;
  underWay(): number;
  waiting(lane: Lane): number;
}

/**
 * At most CORE_CONCURRENCY calls to core at once from this isolate; the others wait for a place, lane by lane, and in a lane
 * first come, first served. A call waits for half of its time at most: what is left must do for core. When the queue is
 * full, a call takes the room of the newest in the last lane behind its own, else it is refused at once.
 *
 * A call that has a place keeps it until core is done with it, also when its client has gone: core works on all the same.
 */
export function createQueue(ctx: Pick<EdgeContext, 'config' | 'now' | 'deadline'>): Queue {
  const places = ctx.config.CORE_CONCURRENCY;
  /** Who is under way, and when the place is lost. */
  const held = new Map<Place, { readonly lane: Lane; readonly lostAt: number }>();
  const lanes = new Map<Lane, Set<Waiting>>(LANES.map((lane) => [lane, new Set()]));
  const inLane = (lane: Lane) => lanes.get(lane) as Set<Waiting>;

  const isOpen = (lane: Lane): boolean => {
    if (held.size >= places) return false;
    if (lane !== 'renewal') return true;
    return held.values().reduce((sum, each) => sum + Number(each.lane === lane), 0) < RENEWALS_UNDER_WAY;
  };
  const take = (lane: Lane, deadline: number): Place => {
    const place: Place = {
      leave: () => {
        if (held.delete(place)) letThrough();
      },
    };
    held.set(place, { lane, lostAt: deadline + LOST_AFTER_MS });
    return place;
  };
  const letThrough = () => {
    for (;;) {
      const lane = LANES.find((name) => inLane(name).size > 0);
      const [next] = lane ? inLane(lane) : [];
      if (!lane || !next || !isOpen(lane)) return;
      // The timer of a request that the runtime has ended does not fire.
      next.end(ctx.now() < next.until ? take(lane, next.deadline) : 'waited-too-long');
    }
  };
  const takeBackLost = () => {
    if (LANES.every(isOpen)) return;
    for (const [place, { lostAt }] of held) if (ctx.now() > lostAt) held.delete(place);
  };
  const makeRoom = (lane: Lane): boolean => {
    if (lane === 'renewal') return inLane(lane).size < MOST_RENEWALS;
    const waiting = AWAITED.reduce((sum, name) => sum + inLane(name).size, 0);
    if (waiting < places * WAITING_PER_PLACE) return true;
    const behind = AWAITED.slice(AWAITED.indexOf(lane) + 1).findLast((name) => inLane(name).size > 0);
    if (behind) [...inLane(behind)].at(-1)?.end('queue-full');
    return behind !== undefined;
  };
  const wait = async ({ lane, deadline, gone }: Entrant): Promise<Place | NoPlace> => {
    const waitMs = Math.max(0, Math.floor((deadline - ctx.now()) / 2));
    const timer = ctx.deadline(waitMs);
    const { promise, resolve } = Promise.withResolvers<Place | NoPlace>();
    const waiting: Waiting = {
      deadline,
      until: ctx.now() + waitMs,
      end(outcome) {
        if (inLane(lane).delete(waiting)) resolve(outcome);
      },
    };
    inLane(lane).add(waiting);
    const tooLong = () => waiting.end('waited-too-long');
    const left = () => waiting.end('client-left');
    timer.addEventListener('abort', tooLong);
    gone?.addEventListener('abort', left);
    const outcome = await promise;
    // Here and not where it was ended: on workerd a signal belongs to the request that made it.
    timer.removeEventListener('abort', tooLong);
    gone?.removeEventListener('abort', left);
    return outcome;
  };

  return {
    async enter(entrant) {
      if (entrant.gone?.aborted) return 'client-left';
      takeBackLost();
      // Renewals that wait for one of their few places are in nobody's way.
      const isFirst = LANES.every((lane) => inLane(lane).size === 0 || (lane === 'renewal' && entrant.lane !== lane));
      if (isFirst && isOpen(entrant.lane)) {
        const place = take(entrant.lane, entrant.deadline);
        // What was taken back may do for others.
        letThrough();
        return place;
      }
      if (!makeRoom(entrant.lane)) return 'queue-full';
      const outcome = wait(entrant);
      letThrough();
      return outcome;
    },
    underWay: () => held.size,
    waiting: (lane) => inLane(lane).size,
  };
}
