import { drainRegion } from '../../../k8s/gslb/drain/drain-region.ts';
import { undrainRegion } from '../../../k8s/gslb/drain/undrain-region.ts';
import type { GslbRegion } from '../../../k8s/gslb/read-regions.ts';
import type { RegionName } from '../noisy-partner/callers.ts';
import type { FaultName } from './fault-names.ts';
import type { Place } from './place.ts';

/** What befalls a region, and how it is mended. Both resolve when it is done. */
export interface Fault {
  readonly told: string;
  befall(place: Place, region: RegionName): Promise<void>;
  mend(place: Place, region: RegionName): Promise<void>;
}

const reason = 'npm run drill -- failover';

/** Each by the name it is asked for. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = {
  crash: {
    told: 'kill -9 of all its processes',
    befall: ({ regions }, region) => regions.kill(region),
    mend: ({ regions }, region) => regions.raise(region),
  },
  hang: {
    told: 'its edge and services stopped (SIGSTOP)',
    befall: async (place, region) => signalAll(place, { region, signal: 'SIGSTOP' }),
    mend: async (place, region) => signalAll(place, { region, signal: 'SIGCONT' }),
  },
  'database-away': {
    told: 'its Postgres killed, all else alive',
    befall: ({ regions }, region) => regions.stand(region).member('postgres').kill(),
    mend: ({ regions }, region) => regions.stand(region).raise(),
  },
  drain: {
    told: 'drained, and then killed',
    // That it may be stopped is what a drain promises: so it is.
    async befall(place, region) {
      const outcome = await drainRegion(place.operator, { region: regionOf(place, region), reason, waits: true });
      if (outcome.status === 'refused') throw new Error(outcome.why);
      await place.regions.kill(region);
    },
    async mend(place, region) {
      await place.regions.raise(region);
      await undrainRegion(place.operator, { region: regionOf(place, region), reason });
    },
  },
};

const regionOf = ({ operator }: Place, name: RegionName) =>
  operator.gslb.regions.find((region) => region.name === name) as GslbRegion;

/** Postgres does not have to be: nobody asks it while all others stand still. */
function signalAll(
  { regions }: Place,
  { region, signal }: { region: RegionName; signal: 'SIGSTOP' | 'SIGCONT' },
): void {
  for (const member of regions.members(region)) {
    const pid = member.pid();
    if (member.kind !== 'postgres' && pid !== undefined) process.kill(pid, signal);
  }
}
