import { setTimeout as timer } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { openAdmin } from './open-admin.ts';
import type { Stand } from './stand.ts';

/**
 * Where a transaction can be held at its commit: all its work is done, all that its client had to say is said, and
 * nobody sees it yet. Only in the drill's own database.
 */
const GATES = {
  policies: { key: 720_401, when: 'insert on core.policies' },
  cursor: { key: 720_402, when: 'insert on core.outbox_progress' },
  positions: { key: 720_403, when: 'update on settlement.positions' },
} as const;

export type GateName = keyof typeof GATES;

/** Makes the triggers; a gate that nobody holds closed lets all through. */
export async function installGates(sql: Sql): Promise<void> {
  await sql`create schema drill`;
  await sql.unsafe(`create function drill.pass_gate() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(tg_argv[0]::bigint); return null; end $$`);
  for (const [name, gate] of Object.entries(GATES)) {
    // Deferred: it fires when COMMIT has come, so that a client stopped meanwhile is not missed.
    await sql.unsafe(`create constraint trigger drill_${name} after ${gate.when} deferrable initially deferred
      for each row execute function drill.pass_gate(${gate.key})`);
  }
}

/** A gate held closed. Disposing opens it. */
export interface Gate extends AsyncDisposable {
  /** Resolves with the names of the processes that wait there, once there is one. Rejects when none comes. */
  waiting(): Promise<string[]>;
  /** Resolves when nobody waits there any more: who did has ended, and so has what it did. */
  deserted(): Promise<void>;
  open(): Promise<void>;
}

const PATIENCE_MS = 20_000;
const LOOK_MS = 10;

export async function closeGate({ plan }: Stand, name: GateName): Promise<Gate> {
  const { key } = GATES[name];
  // The lock lives on this connection; a kill of Postgres opens the gate.
  const admin = openAdmin(plan.adminUrl);
  const { sql } = admin;
  await sql`select pg_advisory_lock(${key})`;
  const look = async () => {
    const rows = await sql<{ name: string }[]>`
      select distinct a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and not l.granted and l.objsubid = 1 and l.objid = ${key}`;
    return rows.map((row) => row.name);
  };
  const until = async (isSo: (names: string[]) => boolean, what: string) => {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      const names = await look();
      if (isSo(names)) return names;
      await timer(LOOK_MS);
    }
    throw new Error(`${what} at gate "${name}" within ${PATIENCE_MS / 1_000} s`);
  };
  const open = async () => {
    await admin[Symbol.asyncDispose]();
  };
  return {
    waiting: () => until((names) => names.length > 0, 'Nobody came'),
    deserted: async () => void (await until((names) => names.length === 0, 'Somebody still waits')),
    open,
    [Symbol.asyncDispose]: open,
  };
}
