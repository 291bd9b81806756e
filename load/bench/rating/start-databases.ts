import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provision } from '#platform/postgres/provision.ts';
import { freePort } from '../../../local/free-port.ts';
import { startPostgres } from '../../../local/postgres.ts';

/** A throw-away Postgres. */
export interface Databases extends AsyncDisposable {
  /** Another database in it, provisioned as production is and empty; the URL of core's role. */
  next(): Promise<string>;
}

/** Starts a Postgres of one's own in a temporary folder; disposing leaves nothing of it. */
export async function startDatabases(): Promise<Databases> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'insuretech-bench-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(folder, 0o755);
  const [port, password] = [await freePort(), randomBytes(16).toString('hex')];
  stack.use(
    await startPostgres({
      dataDir: join(folder, 'data'),
      port,
      password,
      logFile: join(folder, 'postgres.log'),
      settings: ['fsync=off', 'full_page_writes=off'],
    }),
  );
  let made = 0;
  const owned = stack.move();
  return {
    async next() {
      made += 1;
      const url = (role: string) => `postgres://${role}:${password}@127.0.0.1:${port}/bench_${made}`;
      await provision(url('postgres'), { core: password, settlement: password, aggregator: password });
      return url('core');
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
