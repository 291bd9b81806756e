import { join, resolve } from 'node:path';
import { type Checkout, checkout, launch, type Running, stop, untilReady } from '../../../local/start.testing.ts';
import { listeningPorts } from './listening-ports.ts';
import type { Namespace } from './namespaces.ts';

/** A whole region, as `npm start` starts it, with a network, a folder and insurers of its own. Disposing stops it. */
export interface IsolatedRegion extends AsyncDisposable {
  readonly place: Namespace;
  /** All that listens in it. */
  readonly ports: readonly number[];
  /** A sale from quote to register and ledger, inside. Answers what was said; rejects when anything is not as promised. */
  sell(): Promise<string>;
  /** What becomes of a connection from inside to each port of an address. */
  reach(address: string, ports: readonly number[]): Promise<Readonly<Record<number, string>>>;
}

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;
const here = (name: string) => resolve(import.meta.dirname, name);

export async function startIsolatedRegion(place: Namespace): Promise<IsolatedRegion> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await checkout());
  const supervisor = await start(folder, place, [
    'local/main.ts',
    '--regions',
    place.name,
    '--port',
    String(folder.port),
  ]);
  stack.defer(async () => void (await stop(supervisor)));
  await untilReady(supervisor);
  const ports = await listeningPorts(place);
  const exposed = await start(folder, place, [here('expose-process.ts'), place.address, ...ports.map(String)]);
  stack.defer(async () => void (await stop(exposed)));
  await exposed.printed('exposed');
  const owned = stack.move();
  return {
    place,
    ports,
    sell: () => place.run([...NODE, join('local', 'demo.ts')], folder.dir),
    reach: (address, wanted) => reachFrom(place, { address, ports: wanted }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What becomes of a connection from a place to each port of an address. */
export async function reachFrom(
  place: Namespace,
  { address, ports }: { address: string; ports: readonly number[] },
): Promise<Readonly<Record<number, string>>> {
  return JSON.parse(await place.run([...NODE, here('reach-process.ts'), address, ...ports.map(String)]));
}

const start = async ({ dir }: Checkout, place: Namespace, command: readonly string[]): Promise<Running> =>
  launch(dir, place.inside([...NODE, ...command]), { PATH: `${process.env['PATH']}:/usr/sbin:/sbin` });
