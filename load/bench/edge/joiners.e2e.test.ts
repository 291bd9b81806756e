import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { serve } from '#platform/lifecycle/serve.ts';
import { createFakeCore, demoPartner, HOP_KEY } from '../../../edge/fake-core.testing.ts';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import { bundleWorker } from './bundle-worker.ts';
import { requirePrograms } from './require-programs.ts';
import { startStore } from './start-store.ts';
import { startWorkerd } from './start-workerd.ts';

const run = promisify(execFile);
/** More than it can ask for. */
const BUSY = demoPartner('busy', 10_000);
const STORE_MS = 5;
/** workerd compiles what runs often, and only then went wrong: in the first seconds. */
const WRK = ['-t1', '-c64', '-d5s', '-s', join(import.meta.dirname, 'wrk-shared.lua')];

const missing = await requirePrograms().then(
  () => undefined,
  (error: Error) => error.message,
);
const runs = requireOrSkip('Joiners on workerd', missing);

test.skipIf(!runs)('of requests that wait for one another’s calls on workerd, under load, none fails', async () => {
  const { signal } = new AbortController();
  await using stack = new AsyncDisposableStack();
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'joiners-')), (at) => rm(at, { recursive: true }));
  const core = createFakeCore({ now: Date.now });
  core.partners.set('busy', BUSY.partner);
  const listening = { host: '127.0.0.1', port: 0, quietMs: 0 };
  const { port } = stack.use(await serve((request) => core.app.fetch(request), listening));
  const store = stack.use(await startStore(signal));
  await store.order(STORE_MS);
  const env = { REGION: 'msk', LOG_LEVEL: 'error', CORE_URL: `http://127.0.0.1:${port}`, HOP_KEY, ...store.env };
  const bundle = await bundleWorker(folder);
  const worker = stack.use(await startWorkerd({ name: 'the edge on workerd', bundle, env, signal }));
  const { stdout } = await run('wrk', [...WRK, '-H', `Authorization: Bearer ${BUSY.key}`, worker.url]);
  const { requests, refused } = JSON.parse(/^report (.*)$/m.exec(stdout)?.[1] ?? '{}') as Record<string, number>;
  expect(refused).toBe(0);
  // Most of them joined another's call.
  expect(core.callsTo('/v1/quotes').length).toBeLessThan(Number(requests) / 4);
});
