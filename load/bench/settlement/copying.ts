import type { Sql } from 'postgres';
import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { eventsPerSecond, openBooks, timeLanes } from './books.ts';
import { copyIn, openForCopy, type Rows, readRows } from './copy-rows.ts';
import { BATCH, handOver, PARTITIONS } from './handed-over.ts';
import type { Database, Stand } from './stand.ts';
import { type Amount, createStream, type Work } from './stream.ts';
import { readTally, requireMore } from './tally.ts';

const AMOUNT: Amount = { lanes: PARTITIONS, batches: 2, size: BATCH };

/** What is booked in a round, and the rows that booking it makes. */
interface Material {
  readonly bookedAt: Date;
  readonly work: Work;
  readonly lanes: readonly (readonly Rows[])[];
  readonly accounts: Buffer;
}

/**
 * Events a second in batches, and of COPY that puts the same rows into the same tables, ready made: a batch a
 * transaction in as many lanes, and all in one transaction.
 */
export async function copying(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  await using source = await stand.open();
  await using booked = await stand.open();
  await using piecewise = await stand.open();
  await using again = await stand.open();
  await using whole = await stand.open();
  const prepare = prepareOn(source);
  const states = {
    book: async (round: number) => {
      const { work, bookedAt } = await prepare(round);
      at = bookedAt;
      return eventsPerSecond(booked, { work, take });
    },
    piecewise: async (round: number) => copied(piecewise, await prepare(round), copyPiecewise),
    again: async (round: number) => copied(again, await prepare(round), copyPiecewise),
    whole: async (round: number) => copied(whole, await prepare(round), copyWhole),
  };
  let at = new Date(0);
  const { take } = openBooks(booked, () => at);
  ctx.say('settlement: COPY: warming up');
  for (const state of Object.values(states)) await state(-1);
  for (const { admin } of [source, booked, piecewise, again, whole]) await admin`vacuum analyze`;
  const found = await interleave(ctx, { what: 'settlement: COPY', rounds: ROUNDS, states });
  const wanted = await digestsOf(booked.admin);
  for (const copy of [piecewise, again, whole]) requireSame(await digestsOf(copy.admin), wanted);
  const control = 'A/A: COPY, a transaction a batch / the same again';
  const { rate, ratio } = measured({ control, gate: 'after COPY the tables have the very rows that booking makes' });
  return [
    rate('events booked in batches', found.book),
    rate('COPY, a transaction a batch', found.piecewise),
    rate('COPY, one transaction for all', found.whole),
    ratio('booked / COPY, a transaction a batch', found.book, found.piecewise),
    ratio('booked / COPY, one transaction for all', found.book, found.whole),
    ratio(control, found.piecewise, found.again),
  ];
}

/** Makes what a round needs, once: the events are booked, and the rows read off the tables. */
function prepareOn(source: Database): (round: number) => Promise<Material> {
  const stream = createStream();
  let bookedAt = new Date(0);
  const { take } = openBooks(source, () => bookedAt);
  const made = new Map<number, Promise<Material>>();
  const make = async (round: number): Promise<Material> => {
    bookedAt = new Date(Date.UTC(2026, 10, 22, 12, 0, round + 1));
    const work = stream.next(AMOUNT);
    await timeLanes(work, take);
    return { bookedAt, work, ...(await readRows(source.sql, { work, bookedAt })) };
  };
  return (round) => {
    const material = made.get(round) ?? make(round);
    // Of one round alone: it is some tens of megabytes.
    made.clear();
    made.set(round, material);
    return material;
  };
}

type Copy = (sql: Sql, material: Material) => Promise<void>;

/** Events a second. Balances are put in as they are afterwards: COPY cannot add to those there. */
async function copied(database: Database, material: Material, copy: Copy): Promise<number> {
  const { url, admin } = database;
  await using pool = await openForCopy(url);
  const before = await readTally(admin);
  await admin`delete from settlement.ledger_accounts`;
  const startedAt = performance.now();
  await copy(pool.sql, material);
  const seconds = (performance.now() - startedAt) / 1_000;
  requireMore({ before, after: await readTally(admin), tally: material.work.tally });
  return material.work.events / seconds;
}

/** The balances come with the last batch of the first lane. */
async function copyPiecewise(sql: Sql, { lanes, accounts }: Material): Promise<void> {
  const last = lanes[0]?.at(-1);
  await handOver(lanes, async (rows) => {
    await sql.begin(async (tx) => {
      await copyIn(tx, 'ledger_transactions', [rows.transactions]);
      await copyIn(tx, 'register_lines', [rows.lines]);
      if (rows === last) await copyIn(tx, 'ledger_accounts', [accounts]);
    });
  });
}

async function copyWhole(sql: Sql, { lanes, accounts }: Material): Promise<void> {
  const all = lanes.flat();
  await sql.begin(async (tx) => {
    await copyIn(
      tx,
      'ledger_transactions',
      all.map(({ transactions }) => transactions),
    );
    await copyIn(
      tx,
      'register_lines',
      all.map(({ lines }) => lines),
    );
    await copyIn(tx, 'ledger_accounts', [accounts]);
  });
}

/** Each table as one text. */
async function digestsOf(sql: Sql): Promise<Record<string, unknown>> {
  const [row] = await sql`
    select (select md5(string_agg(t::text, ',' order by event_id)) from settlement.ledger_transactions t) as transactions,
      (select md5(string_agg(l::text, ',' order by event_id)) from settlement.register_lines l) as lines,
      (select md5(string_agg(a::text, ',' order by id)) from settlement.ledger_accounts a) as accounts`;
  return { ...row };
}

function requireSame(found: Record<string, unknown>, wanted: Record<string, unknown>): void {
  const wrong = Object.keys(wanted).filter((table) => found[table] !== wanted[table]);
  if (wrong.length > 0) throw new Error(`Wrong: COPY made other ${wrong.join(', ')} than booking`);
}
