import type { Region } from './region.ts';

/** The gate: no policy that a buyer was told of is missing. */
export async function requireBooked(region: Region, policies: readonly string[]): Promise<void> {
  const missing = await region.notInLedger(policies);
  if (missing.length > 0)
    throw new Error(`Of ${policies.length} policies ${missing.length} are not in the ledger, such as ${missing[0]}`);
}
