import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Health } from '#platform/lifecycle/health.ts';
import { serve } from '#platform/lifecycle/serve.ts';
import { openPostgres } from '#platform/postgres/open-postgres.ts';
import { createLogger } from '#platform/telemetry/log.ts';
import { createRegistry } from '#platform/telemetry/metrics.ts';
import { createSettlementApp } from '../../../settlement/app.ts';
import { parseConfig } from '../../../settlement/config.ts';
import { createBooks } from '../../../settlement/intake/write-books.ts';
import { createMetrics } from '../../../settlement/metrics.ts';

// settlement's HTTP alone in a process of its own, started with the flags of production, which are none. It answers each
// message once all garbage is collected.
const config = parseConfig(process.env);
const log = createLogger({ service: 'ins-comp-settlement', region: config.REGION, level: config.LOG_LEVEL });
const registry = createRegistry({ service: 'ins-comp-settlement', region: config.REGION });
const { sql, db } = openPostgres({ url: config.DATABASE_URL, name: 'ins-comp-settlement', log });
const now = () => new Date();
const ctx = { region: config.REGION, db, sql, books: createBooks({ sql, now }), log, now };
const health: Health = { ready: true, checks: { database: async () => void (await sql`select 1`) } };
const app = createSettlementApp({ ...ctx, metrics: createMetrics(registry) }, { config, registry, health });
await serve(app.fetch, { host: config.HOST, port: config.PORT });

/** What `--expose-gc` would have given. */
function takeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

process.on('message', async () => {
  const collect = takeCollector();
  for (let turn = 0; turn < 5; turn += 1) {
    collect();
    // What was held by promises and finalizers is garbage only now.
    await setImmediate();
  }
  process.send?.({});
});
process.once('disconnect', () => process.exit(0));
process.send?.({});
