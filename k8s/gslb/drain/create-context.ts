import { Resolver } from 'node:dns/promises';
import { get } from 'node:http';
import { Drain } from '#contracts/drain.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { call } from '../../../local/operator-call.ts';
import { openAdminState } from '../admin-state.ts';
import { PROBING } from '../probing/probing.ts';
import type { Gslb, GslbRegion } from '../read-regions.ts';
import type { DrainContext } from './context.ts';

const ANSWER_MS = 5_000;
/** A name server is near, or away. */
const NAME_SERVER_MS = 2_000;

interface Given extends Pick<DrainContext, 'gslb' | 'note' | 'signal'> {
  /** gdnsd's state_dir. */
  readonly stateDir: string;
  /** The operator token of a region. */
  readonly tokenOf: (region: string) => string;
}

/** A context that touches the real regions and name servers. */
export function createDrainContext({ gslb, stateDir, tokenOf, note, signal }: Given): DrainContext {
  const ask = (region: GslbRegion, body?: object) =>
    call(
      { url: region.core, token: tokenOf(region.name) },
      {
        path: '/v1/drain',
        schema: Drain,
        ...(body && { body, method: 'PUT' }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      },
    );
  return {
    gslb,
    adminState: openAdminState({ dir: stateDir, wait }),
    core: { read: (region) => ask(region), set: (region, request) => ask(region, request) },
    probe: (region) => probe(gslb, region),
    answers: async () => new Map(await Promise.all(gslb.nameServers.map((server) => askServer(gslb, server)))),
    now: () => performance.now(),
    wait,
    signal,
    note,
  };
}

/** As gdnsd asks it. */
function probe({ host, zone, port }: Gslb, { address }: GslbRegion): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = get(
      { host: address, port, path: PROBING.path, headers: { host: `${host}.${zone}` }, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.setTimeout(PROBING.timeoutSeconds * 1_000, () =>
      asked.destroy(new Error(`nothing answers ${address}:${port} within ${PROBING.timeoutSeconds} s`)),
    );
    asked.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code ? new Error(`nothing answers at ${address}:${port} (${error.code})`) : error),
    );
  });
}

async function askServer(
  { host, zone }: Gslb,
  { name, address, port }: Gslb['nameServers'][number],
): Promise<[string, readonly string[]]> {
  const resolver = new Resolver({ timeout: NAME_SERVER_MS, tries: 1 });
  resolver.setServers([`${address}:${port}`]);
  const addresses = await resolver.resolve4(`${host}.${zone}`).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The name server ${name} at ${address}:${port} does not answer (${error.code})`);
  });
  return [name, addresses];
}
