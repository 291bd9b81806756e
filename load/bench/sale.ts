import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as timer } from 'node:timers/promises';
import postgres from 'postgres';
import type { Quote } from '#contracts/quote.ts';
import { DEMO_RISK } from '../../local/load-demo.ts';
import type { DemoRegion } from '../../local/read-demo.ts';
import type { RegionSecrets } from '../../local/secrets.ts';
import type { Bench } from './bench.ts';
import { measured } from './figure.ts';
import { halves } from './halves.ts';
import { interleave } from './interleave.ts';
import { requireRunning } from './require-running.ts';
import { ROUNDS } from './rounds.ts';

// Sells policies through the edge of the first region of a running npm start, at an even pace whatever the answers take,
// and reads off the rows how long each took from core's commit to settlement's (pg_xact_commit_timestamp of both).

/** Of a round. */
const SALES = 200;
const PER_SECOND = 50;

/** Buys once; answers how long the buyer waited, ms. */
async function sell(region: DemoRegion, key: string, quote: Quote): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${region.edge}/v1/policies`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({
      offer: quote.offers[0]?.token,
      holder: { fullName: 'Анна Иванова', birthDate: '1990-05-17', phone: '+79991234567', email: 'anna@example.com' },
      startsOn: quote.risk.startsOn,
    }),
  });
  if (answer.status !== 201) throw new Error(`A sale was answered ${answer.status}: ${await answer.text()}`);
  await answer.body?.cancel();
  return performance.now() - startedAt;
}

async function sellAll(region: DemoRegion, { key, signal }: { key: string; signal: AbortSignal }): Promise<number[]> {
  const headers = { authorization: `Bearer ${key}` };
  const quote = (await (await fetch(`${region.edge}/v1/quotes/osago?${DEMO_RISK}`, { headers })).json()) as Quote;
  const startedAt = performance.now();
  const sales: Promise<number>[] = [];
  for (let sale = 0; sale < SALES; sale += 1) {
    await timer(Math.max(0, startedAt + (sale * 1_000) / PER_SECOND - performance.now()), undefined, { signal });
    sales.push(sell(region, key, quote));
  }
  return Promise.all(sales);
}

/** Milliseconds between the two commits of each event since `from`, once all of them are in the ledger. */
async function commitToLedger(region: DemoRegion, from: Date): Promise<number[]> {
  const { adminPassword } = JSON.parse(await readFile(`.local/${region.name}/secrets.json`, 'utf8')) as RegionSecrets;
  const port = Number(new URL(region.edge).port) + 5;
  const sql = postgres({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: adminPassword,
    database: 'insuretech',
    max: 1,
  });
  try {
    for (let look = 0; look < 200; look += 1) {
      const rows = await sql<{ ms: number }[]>`
        select extract(epoch from pg_xact_commit_timestamp(t.xmin) - pg_xact_commit_timestamp(o.xmin))::float8 * 1000 as ms
        from core.outbox o join settlement.ledger_transactions t using (event_id)
        where o.occurred_at >= ${from.toISOString()}`;
      if (rows.length >= SALES) return rows.map((row) => row.ms);
      await timer(100);
    }
    throw new Error(`After 20 s not all of ${SALES} sales are in the ledger`);
  } finally {
    await sql.end();
  }
}

/** Sells 1,000 policies; what the buyer waited, and how long core's commit took to settlement's. Needs a running npm start. */
export const sale: Bench = async (ctx) => {
  const { region, keys } = await requireRunning();
  const round = async () => {
    const from = new Date();
    const waited = await sellAll(region, { key: keys.site, signal: ctx.signal });
    return { waited, carried: await commitToLedger(region, from) };
  };
  const what = `sale: ${SALES} sales in ${region.name}, ${PER_SECOND} a second`;
  const { sold } = await interleave(ctx, { what, rounds: ROUNDS, states: { sold: round } });
  const { figure } = measured({ gate: 'every sale is answered 201 and is in the ledger' });
  return (['waited', 'carried'] as const).flatMap((of) => {
    const name = of === 'waited' ? "buyer's wait at the edge" : 'commit to ledger';
    const rounds = sold.map((each) => each[of]);
    const control = `A/A: ${name}, every other sale / the rest`;
    return [{ ...figure(name, 'ms', rounds.flat()), control }, figure(control, 'ratio', halves(rounds))];
  });
};
