import type { Policy } from '#contracts/policy.ts';
import type { Outcome } from '../drill.ts';
import { readBooks } from './partner.ts';
import type { Region } from './region.ts';
import { waitUntil } from './wait-until.ts';

/** A relay and a consumer that have just come back have first to wait for the dead one's session. */
const BOOKED_SECONDS = 90;

/** Every policy that was acknowledged is in a register of settlement, and the ledger comes to 0. */
export async function readBack({ cluster, site }: Region): Promise<Outcome> {
  const insurers = [...new Set(site.policies.map(({ insurer }) => insurer))];
  const look = async () => {
    const { numbers, sumMinor } = await readBooks(cluster, insurers);
    return { sumMinor, missing: site.policies.filter(({ number }) => !numbers.has(number)) };
  };
  const whole = async () => {
    const found = await look();
    return found.missing.length === 0 && found;
  };
  const waiting = { signal: cluster.signal, what: 'end of the booking', mostSeconds: BOOKED_SECONDS, everyMs: 2_000 };
  const { missing, sumMinor } = await waitUntil(whole, waiting).catch(look);
  return {
    lines: [['policies acknowledged; of them not in the ledger', `${site.policies.length}; ${missing.length}`]],
    faults: faultsOf({ missing, sumMinor }),
  };
}

export function faultsOf({
  missing,
  sumMinor,
}: {
  missing: readonly Pick<Policy, 'number'>[];
  sumMinor: number;
}): string[] {
  const faults = missing.slice(0, 5).map(({ number }) => `policy ${number} was acknowledged and is not in the ledger`);
  if (missing.length > 5) faults.push(`and ${missing.length - 5} more`);
  if (sumMinor !== 0) faults.push(`the accounts of the ledger come to ${sumMinor} kopecks, not to 0`);
  return faults;
}
