import { PROBING } from '../probing/probing.ts';
import type { DrainContext, Outcome } from './context.ts';
import type { DrainOptions } from './drain-region.ts';

/** Leaves a region to its probes again. Rejects, and changes nothing, when its core does not answer. */
export async function undrainRegion(
  { core, adminState, note }: Pick<DrainContext, 'core' | 'adminState' | 'note'>,
  { region, reason }: Pick<DrainOptions, 'region' | 'reason'>,
): Promise<Outcome> {
  await core.set(region, { drained: false, reason });
  await adminState.setDown(region.address, false);
  note(
    `${region.name} is back in the answers once ${PROBING.up} probes in a row are good: in ${PROBING.up * PROBING.intervalSeconds} s if it is healthy`,
  );
  return { status: 'done' };
}
