import type { DrillContext } from '../drill.ts';
import { closeGate, installGates } from '../gates.ts';
import { otherThan, type RegionName } from './callers.ts';
import type { Case, Trouble } from './cases.ts';
import type { Incident } from './check/others.ts';
import type { Clock } from './clock.ts';
import type { Regions } from './start-regions.ts';
import { allOf } from './terms.ts';

/** What was done, and when; ms since 1970. */
export interface Done {
  readonly incident: Incident;
  /** When the survivor's operator had moved the dead region's share there. */
  readonly sharesSetAt?: number;
}

interface TroubleContext extends DrillContext {
  readonly now: Clock;
  /** Lets the traffic go on for so long. */
  readonly last: (ms: number) => Promise<void>;
}

const DEAD: RegionName = 'nsk';
/** It takes an operator a moment to see that a region is gone. */
const OPERATOR_MS = 3_000;
/** An edge leases a second's first tokens from a shared pool so long before the second begins (`edge/limits/limiter.ts`), ms. */
const LEASED_AHEAD_MS = 250;
/** New terms are in force in an edge within this; the second under way is counted by the old ones. */
const IN_FORCE_MS = 30_000 + 1_000;

const TOLD: Record<Trouble, string> = {
  'upstash-dead': 'Upstash is killed',
  'upstash-slow': 'Upstash answers after 2 s',
  'region-dead': `all of ${DEAD} is killed`,
};

/** Makes the trouble of a case, and does what an operator does about it. Resolves when nothing more will come of it. */
export async function makeTrouble(ctx: TroubleContext, regions: Regions, { pool, trouble }: Case): Promise<Done> {
  if (!trouble) return { incident: {} };
  ctx.say(`  ${TOLD[trouble]}`);
  if (trouble !== 'region-dead') {
    const isDead = trouble === 'upstash-dead';
    await Promise.all(regions.upstashes.map((upstash) => (isDead ? upstash.kill() : upstash.becomeSlow())));
    return { incident: {} };
  }
  const dead = { region: DEAD, at: await killInMidSale(ctx, regions) };
  // A pool that all share has no shares to move; only what the dead edge had leased by now went with it.
  if (pool === 'shared') return { incident: { dead, sharesMovedBy: endOfSecond(ctx.now() + LEASED_AHEAD_MS) } };
  await ctx.last(OPERATOR_MS);
  await regions.setShares(otherThan(DEAD), allOf(otherThan(DEAD)));
  const sharesSetAt = ctx.now();
  ctx.say('  its share of the limits is moved, which is in force within 30 s');
  await ctx.last(IN_FORCE_MS);
  return { incident: { dead, sharesMovedBy: sharesSetAt + IN_FORCE_MS }, sharesSetAt };
}

const endOfSecond = (at: number) => (Math.floor(at / 1_000) + 1) * 1_000;

/** So that there is always somebody who does not know whether it has bought: a sale is held at its commit. Answers when. */
async function killInMidSale({ now }: TroubleContext, regions: Regions): Promise<number> {
  const stand = regions.stand(DEAD);
  await stand.asAdmin(installGates);
  await using gate = await closeGate(stand, 'policies');
  await gate.waiting();
  const at = now();
  await regions.kill(DEAD);
  return at;
}
