import { TTL } from '../probing/probing.ts';
import type { GslbRegion } from '../read-regions.ts';
import type { DrainContext, Outcome } from './context.ts';
import { findFault } from './find-fault.ts';

export interface DrainOptions {
  readonly region: GslbRegion;
  readonly reason: string;
  /** Return only when nobody can have the region's address from a cache any more. */
  readonly waits: boolean;
}

/** Until every name server has read admin_state: gdnsd looks again within 5 s, gathers for 1 s, and settles for 1 s. */
const LEAVES_MS = 10_000;
const LOOK_MS = 250;

/**
 * Takes a region out of the answers while it goes on serving. Refuses, and leaves everything as it was, when no other
 * region is healthy: before it touches anything, and once more when it has, because another operator may do the same with
 * the last other region at this moment. Rejects when it is drained but a name server goes on answering its address.
 */
export async function drainRegion(ctx: DrainContext, options: DrainOptions): Promise<Outcome> {
  const { region } = options;
  const before = await refusal(ctx, region);
  if (before) return before;
  const undo = await takeOut(ctx, options);
  const after = await refusal(ctx, region);
  if (after) {
    await undo();
    return after;
  }
  ctx.note(`${region.name} is drained: it serves what still comes`);
  if (options.waits) await untilGone(ctx, region);
  return { status: 'done' };
}

async function refusal(
  ctx: DrainContext,
  { name }: GslbRegion,
): Promise<Extract<Outcome, { status: 'refused' }> | undefined> {
  const others = ctx.gslb.regions.filter((region) => region.name !== name);
  const faults = await Promise.all(others.map((region) => findFault(ctx, region)));
  if (faults.includes(undefined)) return undefined;
  const why = faults.length === 0 ? 'there is no other' : faults.join('; ');
  return { status: 'refused', why: `Cannot drain "${name}": no other region is healthy: ${why}` };
}

/** Resolves with what puts everything back as it was. A core that does not answer is no reason: it may be why. */
async function takeOut(
  { core, adminState, note }: DrainContext,
  { region, reason }: DrainOptions,
): Promise<() => Promise<void>> {
  const wasDown = await adminState.isDown(region.address);
  const was = await core.read(region).catch(() => undefined);
  const told = await core.set(region, { drained: true, reason }).catch((error: Error) => {
    note(`${region.name} does not know that it is drained, it is kept out by admin_state alone: ${error.message}`);
  });
  await adminState.setDown(region.address, true);
  return async () => {
    if (!wasDown) await adminState.setDown(region.address, false);
    if (told && !was?.drained) await core.set(region, { drained: false, reason: 'the drain was refused' });
  };
}

async function untilGone(
  { answers, now, wait, signal, note }: DrainContext,
  { name, address }: GslbRegion,
): Promise<void> {
  const until = now() + LEAVES_MS;
  while (true) {
    signal.throwIfAborted();
    const answered = await answers();
    const holding = [...answered].flatMap(([server, addresses]) => (addresses.includes(address) ? [server] : []));
    if (holding.length === 0) break;
    if (now() >= until)
      throw new Error(
        `"${name}" is drained, but ${holding.join(', ')} still answers ${address}: is it told by the admin_state of another folder?`,
      );
    await wait(LOOK_MS, signal);
  }
  // A resolver counts whole seconds.
  const seconds = TTL.most + 1;
  note(`No name server answers ${address} any more; caches may for ${seconds} s`);
  await wait(seconds * 1_000, signal);
  signal.throwIfAborted();
  note(`${name} may be stopped`);
}
