import type { GslbRegion } from '../read-regions.ts';
import type { DrainContext } from './context.ts';

const said = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Why a region must not be counted on, if there is a reason. Its core is asked whether it is drained, not only its edge,
 * whose answer may be 2 s old: of two operators who drain two regions at once, one at least sees the other's.
 */
export async function findFault(
  { core, probe, adminState }: Pick<DrainContext, 'core' | 'probe' | 'adminState'>,
  region: GslbRegion,
): Promise<string | undefined> {
  const { name, address } = region;
  try {
    if (await adminState.isDown(address)) return `${name} is kept out by admin_state`;
    const { drained, since } = await core.read(region);
    if (drained) return `${name} is drained since ${since}`;
    const status = await probe(region);
    return status === 200 ? undefined : `${name} answers ${status} on /healthz/gslb`;
  } catch (error) {
    return `${name}: ${said(error)}`;
  }
}
