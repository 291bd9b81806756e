import type { DrillContext, Outcome } from '../drill.ts';
import { missingPrograms } from '../missing-programs.ts';
import { type IsolatedRegion, reachFrom, startIsolatedRegion } from './isolated-region.ts';
import { missingForNamespaces, type Namespace, openNetworks } from './namespaces.ts';

const NAMES = ['msk', 'nsk'] as const;

/** Why it cannot be held here, or nothing. */
export const missingForIsolation = async (): Promise<string | undefined> =>
  (await missingPrograms(['ip'])) ?? (await missingForNamespaces());

/** Regions without a way to each other: each sells alone and beside the other, and none reaches a port of the other. */
export async function isolation({ say, signal }: DrillContext): Promise<Outcome> {
  const missing = await missingForIsolation();
  if (missing) throw new Error(missing);
  await using networks = await openNetworks(NAMES);
  await using stack = new AsyncDisposableStack();
  const [first, second] = networks.regions as [Namespace, Namespace];
  const sales: Outcome[] = [];
  const sell = async (region: IsolatedRegion, beside: string) => {
    signal.throwIfAborted();
    say(`${region.place.name} sells, ${beside}`);
    sales.push(await sellIn(region, beside));
  };
  const one = stack.use(await startIsolatedRegion(first));
  await sell(one, `${second.name} off`);
  const other = stack.use(await startIsolatedRegion(second));
  await sell(one, `${second.name} on`);
  await sell(other, `${first.name} on`);
  say('every port of each is tried from the other, and from the world');
  const tried = [
    await tryPorts(networks.world, { from: one, to: other }),
    await tryPorts(networks.world, { from: other, to: one }),
  ];
  await one[Symbol.asyncDispose]();
  await sell(other, `${first.name} off`);
  const all = [...sales, ...tried];
  return { lines: all.flatMap(({ lines }) => lines), faults: all.flatMap(({ faults }) => faults) };
}

async function sellIn({ place, sell }: IsolatedRegion, beside: string): Promise<Outcome> {
  const what = `${place.name}, ${beside}: a sale from quote to register and ledger`;
  return sell().then(
    () => ({ lines: [[what, 'passes']], faults: [] }),
    (error: Error) => ({ lines: [[what, 'fails']], faults: [`${what}: ${error.message}`] }),
  );
}

/** From the world each port is there: so it is the way that is missing, not the port. */
async function tryPorts(world: Namespace, { from, to }: Record<'from' | 'to', IsolatedRegion>): Promise<Outcome> {
  const { place, ports } = to;
  const there = await reachFrom(world, { address: place.address, ports });
  const outcomes = await from.reach(place.address, ports);
  const connected = ports.filter((port) => outcomes[port] === 'connected');
  const hidden = ports.filter((port) => there[port] !== 'connected');
  const how = [...new Set(Object.values(outcomes))].join(', ');
  return {
    lines: [
      [
        `${place.name}: ports that listen; reached from the world; from ${from.place.name}`,
        `${ports.length}; ${ports.length - hidden.length}; ${connected.length} (${how})`,
      ],
    ],
    faults: [
      ...(ports.length === 0 ? [`${place.name} listens on no port: nothing was tried`] : []),
      ...connected.map((port) => `${from.place.name} reaches port ${port} of ${place.name}`),
      ...hidden.map(
        (port) =>
          `port ${port} of ${place.name} is not reached from the world either (${there[port]}): nothing was shown`,
      ),
    ],
  };
}
