import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDatabases } from '../rating/start-databases.ts';
import { type Bundle, bundleWorker } from './bundle-worker.ts';
import { type Core, startCore } from './start-core.ts';
import { type Edge, type Runtime, startEdge } from './start-edge.ts';
import { type Store, startStore } from './start-store.ts';

/** What every measurement needs: a region's core and store, and edges of it on demand. */
export interface Stand extends AsyncDisposable {
  readonly core: Core;
  readonly store: Store;
  readonly bundle: Bundle;
  /** For what is written on the way. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** The key of a partner whose limit is the contract's highest: every request is counted, none refused. */
  readonly key: string;
  /** An edge of this region; it goes with the stand unless it is disposed of before. */
  edge(runtime: Runtime, options?: { alone: boolean }): Promise<Edge>;
}

/** Of a partner, requests a second. */
export const HIGHEST_LIMIT = 100_000;

export async function startStand(signal: AbortSignal): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'insuretech-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // nginx's worker runs as another user when it is started by root.
  await chmod(folder, 0o755);
  const databases = stack.use(await startDatabases());
  const core = stack.use(await startCore(databases, signal));
  const store = stack.use(await startStore(signal));
  const bundle = await bundleWorker(folder);
  const key = await core.addPartner('bench', HIGHEST_LIMIT);
  const region = { CORE_URL: core.url, HOP_KEY: core.hopKey };
  const owned = stack.move();
  return {
    core,
    store,
    bundle,
    folder,
    signal,
    key,
    edge: async (runtime, { alone } = { alone: false }) =>
      owned.use(await startEdge(runtime, { bundle, env: { ...region, ...(alone ? {} : store.env) }, signal })),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
