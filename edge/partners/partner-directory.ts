import * as z from 'zod/mini';
import type { EdgeContext, Origin } from '../context.ts';
import { CoreUnavailable, callCore } from '../forward/call-core.ts';
import { singleFlight } from '../single-flight.ts';
import { createSeal, type Seal } from '../store/seal.ts';
import { EdgePartner } from './edge-partner.ts';

const Remembered = z.object({ fetchedAt: z.number(), partner: z.nullable(EdgePartner) });
type Remembered = z.infer<typeof Remembered>;

/**
 * Milliseconds since core was asked, wherever the answer was kept: a revoked key or a new limit is in force 30 s after core
 * took it in, with a second for core's other replicas and one for the call.
 */
const KNOWN_FOR_MS = 28_000;
const UNKNOWN_FOR_MS = 5_000;
/** From this age on a partner in use is asked about behind its requests, ms, so that none of them waits for core. */
const RENEW_AFTER_MS = 14_000;
/** And when that fails, again after this, ms. */
const RENEW_AGAIN_MS = 1_000;
/**
 * With core away a partner is remembered this long for reading what anybody may read, ms: whoever was idle before must not
 * be refused an answer that is still good for callers without a key.
 */
const OLD_FOR_MS = 24 * 3_600_000;
const MOST_REMEMBERED = 5_000;

export interface PartnerDirectory {
  /** Whether to find this id costs core nothing new: it is remembered, or being asked about. */
  isRemembered(partnerId: string): boolean;
  /** The partner, if nobody has to be asked, also not behind this. */
  recall(partnerId: string): EdgePartner | undefined;
  /** The partner, or null when core knows none. Throws CoreUnavailable when nobody can say. */
  find(partnerId: string, asked: { origin: Origin; allowOld: boolean }): Promise<EdgePartner | null>;
}

/** Partners as core knows them: asked once, then kept in memory and in the store. */
export function createPartnerDirectory(ctx: EdgeContext): PartnerDirectory {
  const memory = new Map<string, Remembered>();
  const flights = singleFlight<Remembered>(ctx);
  // Whoever can write to the store must not be able to say who a partner is.
  const seal = createSeal(ctx.config.HOP_KEY as Uint8Array<ArrayBuffer>);
  const remember = (partnerId: string, known: Remembered): Remembered => {
    memory.delete(partnerId);
    memory.set(partnerId, known);
    const oldest = memory.size > MOST_REMEMBERED ? memory.keys().next().value : undefined;
    if (oldest !== undefined) memory.delete(oldest);
    return known;
  };
  const ask = (partnerId: string, { origin, maxAgeMs }: { origin: Origin; maxAgeMs: number }) =>
    flights.run(partnerId, {
      origin,
      start: async () => remember(partnerId, await load(ctx, { partnerId, origin, seal, maxAgeMs })),
    });
  const renewedAt = new WeakMap<Remembered, number>();
  const isDue = (known: Remembered) =>
    ctx.now() >= (renewedAt.get(known) ?? known.fetchedAt + RENEW_AFTER_MS - RENEW_AGAIN_MS) + RENEW_AGAIN_MS;
  const renew = (partnerId: string, { known, origin }: { known: Remembered; origin: Origin }) => {
    if (!isDue(known) || flights.isUnderWay(partnerId)) return;
    renewedAt.set(known, ctx.now());
    origin.background(ask(partnerId, { origin, maxAgeMs: RENEW_AFTER_MS }));
  };
  return {
    isRemembered(partnerId) {
      const known = memory.get(partnerId);
      return Boolean(known?.partner) || isFresh(known, ctx.now()) || flights.isUnderWay(partnerId);
    },
    recall(partnerId) {
      const known = memory.get(partnerId);
      return known?.partner && isFresh(known, ctx.now()) && !isDue(known) ? known.partner : undefined;
    },
    async find(partnerId, { origin, allowOld }) {
      const known = memory.get(partnerId);
      if (known && isFresh(known, ctx.now())) {
        if (known.partner) renew(partnerId, { known, origin });
        return known.partner;
      }
      try {
        return (await ask(partnerId, { origin, maxAgeMs: KNOWN_FOR_MS })).result.partner;
      } catch (error) {
        const old = known?.partner && ctx.now() < known.fetchedAt + OLD_FOR_MS;
        if (error instanceof CoreUnavailable && allowOld && old) return known.partner;
        throw error;
      }
    },
  };
}

/** What was learnt by a clock that was ahead since is asked for again. */
function isFresh(known: Remembered | undefined, now: number): boolean {
  if (known === undefined || now < known.fetchedAt) return false;
  return now < known.fetchedAt + (known.partner ? KNOWN_FOR_MS : UNKNOWN_FOR_MS);
}

async function load(
  ctx: EdgeContext,
  { seal, maxAgeMs, ...asked }: { partnerId: string; origin: Origin; seal: Seal; maxAgeMs: number },
): Promise<Remembered> {
  const { partnerId, origin } = asked;
  const name = `partner:2:${ctx.config.REGION}:${partnerId}`;
  const text = await seal.open(name, await ctx.store.get(name));
  const stored = text === undefined ? undefined : Remembered.safeParse(JSON.parse(text)).data;
  const isGood = stored?.partner?.id === partnerId && isFresh(stored, ctx.now());
  if (isGood && ctx.now() < stored.fetchedAt + maxAgeMs) return stored;
  const fetchedAt = ctx.now();
  const known = { fetchedAt, partner: await askCore(ctx, asked) };
  const keep = async () => {
    await ctx.store.set(name, { value: await seal.close(name, JSON.stringify(known)), ttlMs: KNOWN_FOR_MS });
  };
  if (known.partner) origin.background(keep());
  return known;
}

async function askCore(
  ctx: EdgeContext,
  { partnerId, origin }: { partnerId: string; origin: Origin },
): Promise<EdgePartner | null> {
  const target = `/internal/partners/${partnerId}`;
  const { status, body } = await callCore(ctx, { method: 'GET', target, lane: 'partner', origin });
  if (status === 404) return null;
  const partner = status === 200 ? EdgePartner.safeParse(readJson(body)) : undefined;
  if (partner?.data?.id === partnerId) return partner.data;
  ctx.log.error({ status, partnerId, requestId: origin.requestId }, 'core does not say who a partner is');
  throw new CoreUnavailable(`core answered ${status} about a partner`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
