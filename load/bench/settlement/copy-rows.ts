import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import postgres, { type Sql, type TransactionSql } from 'postgres';
import type { Work } from './stream.ts';

/** The rows of a batch as COPY takes them. */
export interface Rows {
  readonly transactions: Buffer;
  readonly lines: Buffer;
}

/** The rows that booking made, of each batch, and all balances as they are now. */
export async function readRows(sql: Sql, { work, bookedAt }: { work: Work; bookedAt: Date }) {
  const at = `booked_at = '${bookedAt.toISOString()}'`;
  const transactions = await rowsById(sql, `select * from settlement.ledger_transactions where ${at}`);
  const lines = await rowsById(
    sql,
    `select l.* from settlement.register_lines l join settlement.ledger_transactions t using (event_id) where ${at}`,
  );
  const pick = (rows: ReadonlyMap<string, string>, ids: readonly string[]) =>
    Buffer.from(ids.map((id) => `${rows.get(id)}\n`).join(''));
  const lanes = work.lanes.map((batches) =>
    batches.map(({ messages }): Rows => {
      const ids = messages.map(({ value }): string => JSON.parse(value).eventId);
      return { transactions: pick(transactions, ids), lines: pick(lines, ids) };
    }),
  );
  return { lanes, accounts: Buffer.from(await copyOut(sql, 'select * from settlement.ledger_accounts')) };
}

const copyOut = async (sql: Sql, select: string): Promise<string> =>
  text(await sql.unsafe(`copy (${select}) to stdout`).readable());

/** Rows by their first column, the event's id. */
async function rowsById(sql: Sql, select: string): Promise<Map<string, string>> {
  const rows = (await copyOut(sql, select)).split('\n').filter((row) => row !== '');
  return new Map(rows.map((row) => [row.slice(0, row.indexOf('\t')), row]));
}

/** As many connections as settlement has. */
const CONNECTIONS = 8;

interface Server {
  readonly host: readonly string[];
  readonly port: readonly number[];
}

/**
 * A pool for COPY, connected, and as fast as COPY goes: its end is a small packet, which by Nagle's algorithm would wait
 * 40 ms for the acknowledgement of the rows before it.
 */
export async function openForCopy(url: string): Promise<{ readonly sql: Sql } & AsyncDisposable> {
  const socket = ({ host: [host = ''], port: [port = 0] }: Server) => connect({ host, port, noDelay: true });
  const sql = postgres(url, { max: CONNECTIONS, socket } as postgres.Options<Record<string, never>>);
  const all = await Promise.all(Array.from({ length: CONNECTIONS }, () => sql.reserve()));
  for (const connection of all) connection.release();
  return { sql, [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) };
}

/** Puts ready-made rows into a table. */
export async function copyIn(tx: TransactionSql, table: string, pieces: readonly Buffer[]): Promise<void> {
  const target = await tx`copy settlement.${tx(table)} from stdin`.writable();
  await pipeline(Readable.from(pieces), target);
}
