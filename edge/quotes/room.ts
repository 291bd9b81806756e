import type { EdgeContext } from '../context.ts';

/** Quotes that may always be under way: core works on one, has the next at hand, and twice as many are on the wire. */
const LEAST = 6;
/**
 * What an answer may take, of the least that it takes. The fewer are under way, the more answers wake every process for
 * themselves alone: measured in load/README.md, "Where time goes".
 */
const TIMES_AS_LONG = 3;
/**
 * Of a flood so many are let in for each place before it is seen. As many as the queue takes would be worked off for seconds,
 * in which a sale has every turn of the event loop behind a thousand refusals.
 */
const MOST_PER_PLACE = 2;
/** No isolate can answer what comes faster than one in so many ms: twice that is its own work on one. */
const LEAST_GAP_MS = 2;
/** So long may more be at core without a break, ms, and so many as it has places: a pause of core's, not a crowd. */
const STANDING_MS = 500;
/** What is learnt of core is learnt from so many answers at least, and no sooner than this, ms. */
const WINDOW = { answers: 10, ms: 100 };
/** What was the least time once is forgotten by this much in each window: doubled after 700 of them. */
const FORGOTTEN = 1.001;
/** A crowd is looked at this often, ms ... */
const LOOK_MS = 500;
/** ... and is none any more when no more than this share of it was refused, as by chance of what core can just answer ... */
const FEW_REFUSED = 0.1;
/** ... or when less than this share comes of what core answered in its best time of late ... */
const EASED = 0.8;
/** ... which is worth this much less at each look. */
const FADED = 0.98;
/** A call is given up after 10 s: what is longer under way, ms, was ended by the runtime together with its request. */
const LOST_AFTER_MS = 12_000;

/** A quote that is under way. */
export interface Turn {
  /** Its call to core. */
  ask<Result>(call: () => Promise<Result>): Promise<Result>;
  /** It has its answer, or has none. */
  leave(): void;
}

/** Nobody waits for it: it is not counted. */
export const UNCOUNTED: Turn = { ask: (call) => call(), leave: () => undefined };

export interface Room {
  /** Whether a quote that has come now is to be refused, before anything is done for it. */
  isFull(): boolean;
  enter(): Turn;
  /** One was refused. */
  refuse(): void;
  /** Whether more comes than core can answer. */
  isOverloaded(): boolean;
}

type RoomContext = Pick<EdgeContext, 'config' | 'now'>;

/**
 * How many quotes may be under way to core from this isolate when more are asked for than it can answer. It is as many as
 * core answers in three times the least time that it needs for one (Little's law), so those that are let in wait no longer than
 * that, and core always has work. Learnt from the answers, so neither core's speed nor its replicas are configured.
 *
 * | state      | a quote                           | and then                                                            |
 * | ---------- | --------------------------------- | ------------------------------------------------------------------- |
 * | calm       | is let in                         | overloaded, when more than that are at core for 500 ms without a    |
 * |            |                                   | break and there are more than places, or twice as many as places,   |
 * |            |                                   | or half as many that came faster than one in 2 ms                   |
 * | overloaded | is let in while there are fewer   | calm, when in 500 ms less came than 80 % of what core can answer,   |
 * |            |                                   | or no more than a tenth of it was refused                           |
 *
 * The time at the store is not core's, and not in it.
 */
export function createRoom(ctx: RoomContext): Room {
  const places = ctx.config.CORE_CONCURRENCY;
  const most = places * MOST_PER_PLACE;
  /** In the order that they came. */
  const turns = new Set<{ readonly since: number; isAtCore: boolean }>();
  const pace = createPace(ctx, places);
  const demand = createDemand(ctx);
  const rush = createRush(ctx, Math.ceil(places / 2));
  let atCore = 0;
  let crowdedSince: number | undefined;
  let overloaded = false;

  const move = (turn: { isAtCore: boolean }, isAtCore: boolean) => {
    if (turn.isAtCore !== isAtCore) atCore += isAtCore ? 1 : -1;
    turn.isAtCore = isAtCore;
    if (atCore < pace.limit()) crowdedSince = undefined;
    else crowdedSince ??= ctx.now();
  };
  const takeBackLost = () => {
    for (const turn of turns) {
      if (ctx.now() - turn.since < LOST_AFTER_MS) return;
      turns.delete(turn);
      move(turn, false);
    }
  };
  const isCrowd = () => {
    const stands = crowdedSince !== undefined && Math.abs(ctx.now() - crowdedSince) >= STANDING_MS;
    return (stands && turns.size > places) || turns.size >= most || (turns.size >= rush.size && rush.isOne());
  };

  return {
    isFull() {
      if (overloaded && demand.hasEased()) {
        overloaded = false;
        crowdedSince = undefined;
      }
      if (turns.size < pace.limit()) return false;
      takeBackLost();
      if (turns.size < pace.limit()) return false;
      if (!overloaded && isCrowd()) {
        overloaded = true;
        demand.start();
      }
      return overloaded;
    },
    enter() {
      const turn = { since: ctx.now(), isAtCore: false };
      turns.add(turn);
      demand.come();
      rush.come();
      return {
        async ask(call) {
          const startedAt = ctx.now();
          if (turns.has(turn)) move(turn, true);
          const result = await call().finally(() => move(turn, false));
          pace.learn(Math.max(0, ctx.now() - startedAt), { inCrowd: overloaded });
          demand.answer();
          return result;
        },
        leave() {
          turns.delete(turn);
          move(turn, false);
        },
      };
    },
    refuse: demand.refuse,
    isOverloaded: () => overloaded,
  };
}

/** How quickly core answers, and how many under way that is worth. */
function createPace(ctx: Pick<RoomContext, 'now'>, places: number) {
  let limit = LEAST;
  let leastMs = Number.POSITIVE_INFINITY;
  let window = { since: ctx.now(), answers: 0, ms: 0 };
  return {
    limit: () => limit,
    learn(tookMs: number, { inCrowd }: { inCrowd: boolean }) {
      window.answers += 1;
      window.ms += tookMs;
      const now = ctx.now();
      const elapsedMs = now - window.since;
      if (window.answers < WINDOW.answers || (elapsedMs >= 0 && elapsedMs < WINDOW.ms)) return;
      const { answers, ms } = window;
      window = { since: now, answers: 0, ms: 0 };
      // A clock that was set back says nothing.
      if (elapsedMs <= 0) return;
      // In a crowd an answer takes as long as the crowd is large.
      if (!inCrowd) leastMs = Math.min(ms / answers, leastMs * FORGOTTEN);
      const worth = Math.ceil((answers / elapsedMs) * leastMs * TIMES_AS_LONG);
      limit = Number.isFinite(worth) ? Math.min(places, Math.max(LEAST, worth)) : LEAST;
    },
  };
}

/** What comes in a crowd, beside what core can answer: in one turn of the event loop many may come, and all answers before. */
function createDemand(ctx: Pick<RoomContext, 'now'>) {
  let window = { since: 0, came: 0, refused: 0, answers: 0 };
  let bestPerMs = 0;
  const start = () => {
    window = { since: ctx.now(), came: 0, refused: 0, answers: 0 };
  };
  return {
    start() {
      start();
      bestPerMs = 0;
    },
    come() {
      window.came += 1;
    },
    refuse() {
      window.came += 1;
      window.refused += 1;
    },
    answer() {
      window.answers += 1;
    },
    hasEased(): boolean {
      const elapsedMs = Math.abs(ctx.now() - window.since);
      if (elapsedMs < LOOK_MS) return false;
      bestPerMs = Math.max(bestPerMs * FADED, window.answers / elapsedMs);
      const { came, refused } = window;
      start();
      // What is answered tells what core can only while more comes: at a steady pace below that, nothing would ever be less.
      return refused <= FEW_REFUSED * came || came / elapsedMs < EASED * bestPerMs;
    },
  };
}

/** Whether the last so many came faster than any isolate can answer. */
function createRush({ now }: Pick<RoomContext, 'now'>, size: number) {
  const cameAt = Array<number>(size).fill(Number.NEGATIVE_INFINITY);
  let next = 0;
  return {
    size,
    come() {
      cameAt[next] = now();
      next = (next + 1) % size;
    },
    isOne: () => Math.abs(now() - (cameAt[next] as number)) < size * LEAST_GAP_MS,
  };
}
