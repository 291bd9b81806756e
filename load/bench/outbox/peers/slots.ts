import { setTimeout as timer } from 'node:timers/promises';
import type { Sql } from 'postgres';

const LOOKS = 500;

/** A replication slot anew: what is committed from now on is read from it. */
export async function renewSlot(admin: Sql, slot: string): Promise<void> {
  await dropSlot(admin, slot);
  await admin`select pg_create_logical_replication_slot(${slot}, 'pgoutput')`;
}

/** Gone, once whoever read from it has left: a slot that nobody reads keeps the log for ever. */
export async function dropSlot(admin: Sql, slot: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const [found] = await admin`select active from pg_replication_slots where slot_name = ${slot}`;
    if (!found) return;
    if (!found['active']) {
      await admin`select pg_drop_replication_slot(${slot})`;
      return;
    }
    await timer(20);
  }
  throw new Error(`The replication slot ${slot} is still read from`);
}
