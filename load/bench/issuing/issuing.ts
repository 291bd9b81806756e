import type { Sql } from 'postgres';
import type { Bench, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import type { Bought } from './buyer.ts';
import type { Order } from './buyer-process.ts';
import { collectPurchases } from './collect-purchases.ts';
import { runPgbench } from './run-pgbench.ts';
import type { Purchase } from './sign-requests.ts';
import { type Database, type Stand, startStand } from './stand.ts';

/** Of each measurement, so few that they end before the hops do, 30 s after they were signed. */
const COUNT = { core: 6_000, naive: 2_000, pgbench: 8_000 };
const PGBENCH_CLIENTS = 8;

/** What is in a database. */
interface Written {
  readonly policies: number;
  readonly premiumMinor: number;
  readonly events: number;
  readonly told: number;
}

async function written(sql: Sql): Promise<Written> {
  const [row] = await sql<[Written]>`
    select p.policies, p."premiumMinor", e.events, e.told
    from (select count(*)::float8 as policies, coalesce(sum(premium_minor), 0)::float8 as "premiumMinor" from core.policies) p,
      (select count(*)::float8 as events, count(distinct aggregate_id)::float8 as told from core.outbox
        join core.policies on aggregate_id = policies.id) e`;
  return row;
}

/** The gate: as many policies as were answered 201, at those premiums, and one event of each. */
async function checked<Found>(
  { admin }: Database,
  { work, sold, events }: { work: () => Promise<Found>; sold: (found: Found) => Partial<Written>; events: boolean },
): Promise<Found> {
  const before = await written(admin);
  const found = await work();
  const after = await written(admin);
  const more = Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Written]]),
  ) as unknown as Written;
  const wanted = { ...more, ...sold(found) };
  const told = events ? wanted.policies : 0;
  const right = Object.entries({ ...wanted, events: told, told }).every(
    ([name, n]) => more[name as keyof Written] === n,
  );
  if (!right) throw new Error(`Wrong: ${JSON.stringify(more)} were written of ${JSON.stringify(wanted)}`);
  return found;
}

/** Policies a second over HTTP. */
async function sell(
  stand: Stand,
  at: { to: 'core' | 'naive'; connections: number; purchases: readonly Purchase[]; count?: number; events?: boolean },
): Promise<number> {
  const { to, connections, purchases, count = COUNT[to], events = true } = at;
  const { port, database } = stand[to];
  const order: Order = { port, connections, count, purchases };
  const { seconds } = await checked(database, {
    work: async () => {
      const bought = await stand.buyer.ask<Bought>(order);
      if (bought.issued !== count)
        throw new Error(`Of ${count} sales ${bought.issued} were answered 201; ${bought.refusal}`);
      return bought;
    },
    sold: ({ issued, premiumMinor }) => ({ policies: issued, premiumMinor }),
    events,
  });
  return count / seconds;
}

async function withoutEvents(stand: Stand, purchases: readonly Purchase[]): Promise<number> {
  const { admin } = stand.core.database;
  await admin`alter table core.outbox enable trigger drop_event`;
  try {
    return await sell(stand, { to: 'core', connections: 32, purchases, events: false });
  } finally {
    await admin`alter table core.outbox disable trigger drop_event`;
  }
}

const sixStatements = ({ plain, signal }: Stand, protocol: 'simple' | 'prepared'): Promise<number> =>
  checked(plain, {
    work: () => runPgbench(plain, { protocol, clients: PGBENCH_CLIENTS, count: COUNT.pgbench, signal }),
    sold: () => ({ policies: COUNT.pgbench }),
    events: true,
  });

/** Policies a second that core issues over HTTP, beside what Postgres and a naive server do of the same. Needs pgbench. */
export const issuing: Bench = async (ctx) => {
  await using stand = await startStand(ctx.signal);
  const purchases = await collectPurchases(stand);
  const core = (connections: number) => () => sell(stand, { to: 'core', connections, purchases });
  const states = {
    core32: core(32),
    again32: core(32),
    core8: core(8),
    without: () => withoutEvents(stand, purchases),
    pgbench: () => sixStatements(stand, 'simple'),
    prepared: () => sixStatements(stand, 'prepared'),
    naive: () => sell(stand, { to: 'naive', connections: 32, purchases }),
  };
  ctx.say('issuing: warming up');
  for (const state of [states.core32, states.core8, states.naive, states.prepared]) await state();
  const found = await interleave(ctx, { what: 'issuing', rounds: ROUNDS, states });
  return figuresOf(found);
};

function figuresOf(
  found: Record<'core32' | 'again32' | 'core8' | 'without' | 'pgbench' | 'prepared' | 'naive', number[]>,
): Figure[] {
  const control = 'A/A: 32 connections / the same again';
  const gate = 'as many policies as were answered 201, at those premiums, and one event of each';
  const { rate, ratio } = measured({ control, gate });
  return [
    rate('core over HTTP, 32 connections', found.core32),
    rate('core over HTTP, 8 connections', found.core8),
    rate('core over HTTP, 32 connections, no event', found.without),
    rate('pgbench, six statements, 8 clients', found.pgbench),
    rate('the same, prepared', found.prepared),
    rate('naive Drizzle over HTTP, 32 connections', found.naive),
    ratio('32 connections / pgbench', found.core32, found.pgbench),
    ratio('8 connections / pgbench', found.core8, found.pgbench),
    ratio('32 connections / pgbench, prepared', found.core32, found.prepared),
    ratio('8 connections / pgbench, prepared', found.core8, found.prepared),
    ratio('32 connections / naive', found.core32, found.naive),
    ratio('with the outbox / without', found.core32, found.without),
    ratio(control, found.core32, found.again32),
  ];
}
