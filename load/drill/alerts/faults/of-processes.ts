import { readFile } from 'node:fs/promises';
import type { Fault } from '../fault.ts';
import type { Stage } from '../start-stage.ts';
import type { Role } from '../watched-region.ts';

type Told = Pick<Fault, 'alert' | 'needsKafka'>;

/** `kill -9` of all of them at once, and nobody starts them again. */
const killed = (role: Role, of: Told): Fault => ({
  ...of,
  async inject({ region }: Stage) {
    const members = region.members[role];
    await Promise.all(members.map((member) => member.kill()));
    return { heal: async () => void (await Promise.all(members.map((member) => member.start()))) };
  },
});

/** They are there, and do nothing: no connection is refused, nothing is answered. */
const hung = (role: Role, of: Told): Fault => ({
  ...of,
  async inject({ region }: Stage) {
    const pids = (await Promise.all(region.members[role].map(({ pid }) => family(pid())))).flat();
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return {
      async heal() {
        for (const pid of pids.toReversed()) process.kill(pid, 'SIGCONT');
      },
    };
  },
});

/** A process and its children: Postgres is many. */
async function family(pid: number | undefined): Promise<number[]> {
  if (pid === undefined) throw new Error('It is not running');
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

/** In one process, core, settlement and aggregator die together. */
const apart = (alert: string): Told => ({ alert, needsKafka: true });
const anywhere = (alert: string): Told => ({ alert, needsKafka: false });

export const processFaults = {
  'edge-killed': killed('edge', anywhere('EdgeDown')),
  'edge-hung': hung('edge', anywhere('EdgeDown')),
  'core-killed': killed('core', apart('CoreDown')),
  'core-hung': hung('core', apart('CoreDown')),
  'database-killed': killed('postgres', anywhere('DatabaseAway')),
  'database-hung': hung('postgres', anywhere('DatabaseAway')),
  'store-killed': killed('upstash', anywhere('StoreAway')),
  'kafka-killed': killed('kafka', apart('OutboxBehind')),
  'settlement-killed': killed('settlement', apart('SettlementDown')),
  'aggregator-killed': killed('aggregator', apart('AggregatorDown')),
} as const satisfies Record<string, Fault>;
