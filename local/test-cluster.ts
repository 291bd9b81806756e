import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { provision } from '#platform/postgres/provision.ts';
import { freePort } from './free-port.ts';
import { startPostgres } from './postgres.ts';

/** Same as testing.ts: written twice because a global set-up cannot load what imports the test runner. */
const TEST_PASSWORD = 'test-password';

/** Vitest's global set-up: one throw-away cluster for the run, with a provisioned template database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'insuretech-test-'));
  await chmod(folder, 0o755);
  const port = await freePort();
  const cluster = await startPostgres({
    dataDir: join(folder, 'data'),
    port,
    password: TEST_PASSWORD,
    logFile: join(folder, 'postgres.log'),
    settings: ['fsync=off', 'full_page_writes=off', 'max_connections=200'],
  });
  cluster.done.catch(() => undefined);
  const templateUrl = `postgres://postgres:${TEST_PASSWORD}@127.0.0.1:${port}/insuretech`;
  await provision(templateUrl, { core: TEST_PASSWORD, settlement: TEST_PASSWORD, aggregator: TEST_PASSWORD });
  project.provide('templateUrl', templateUrl);
  return async () => {
    await cluster[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
}
