import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import { openPostgres, type Postgres } from '#platform/postgres/open-postgres.ts';
import { provision } from '#platform/postgres/provision.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createRegistry } from '#platform/telemetry/metrics.ts';
import { freePort } from '../../local/free-port.ts';
import { startPostgres } from '../../local/postgres.ts';
import type { SettlementContext } from '../../settlement/context.ts';
import { observeDeadLetters } from '../../settlement/dead-letters/observe-dead-letters.ts';
import { createBooks } from '../../settlement/intake/write-books.ts';
import { createMetrics } from '../../settlement/metrics.ts';
import { observeStopped } from '../../settlement/positions/observe-stopped.ts';

export const REGION = 'msk';
const SERVICE = 'ins-comp-settlement';

/** A line of settlement's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly partition?: number;
}

/** Settlement as its main.ts makes it but for HTTP, in this process, on a throw-away Postgres with fsync. */
export interface SettlementAlone extends AsyncDisposable {
  readonly ctx: SettlementContext;
  /** What is told at `/metrics`. */
  readonly registry: Registry;
  /** A pool of a role's own, or of the administrator, `postgres`. Ends with the rest. */
  open(role: 'core' | 'postgres'): Postgres;
}

/** `hear` is given each line of the log, as it is written. */
export async function startSettlementAlone(hear: (line: LogLine) => void): Promise<SettlementAlone> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'insuretech-drill-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  // As root, Postgres runs as another user.
  await chmod(dir, 0o755);
  const [port, password] = [await freePort(), randomBytes(16).toString('hex')];
  stack.use(await startPostgres({ dataDir: join(dir, 'data'), port, password, logFile: join(dir, 'postgres.log') }));
  const url = (role: string) => `postgres://${role}:${password}@127.0.0.1:${port}/insuretech`;
  await provision(url('postgres'), { core: password, settlement: password, aggregator: password });
  const to = { write: (line: string) => hear(JSON.parse(line) as LogLine) };
  const log = createLogger({ service: SERVICE, region: REGION, level: 'info' }, to);
  const registry = createRegistry({ service: SERVICE, region: REGION });
  const { sql, db } = stack.use(openPostgres({ url: url('settlement'), name: SERVICE, log }));
  const now = () => new Date();
  const books = createBooks({ sql, now });
  const ctx: SettlementContext = { region: REGION, db, sql, books, log, now, metrics: createMetrics(registry) };
  for (const observe of [observeStopped, observeDeadLetters]) observe(registry, ctx);
  const owned = stack.move();
  return {
    ctx,
    registry,
    open: (role) => owned.use(openPostgres({ url: url(role), name: 'drill', log })),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
