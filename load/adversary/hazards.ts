import type { Sql } from 'postgres';

/** Delays inside transactions: how often (0 to 1), and how long at most. */
export interface Delays {
  readonly share: number;
  readonly mostMs: number;
}

/**
 * Triggers for a database that is there to be attacked: a transaction may be held up before it takes ids of the outbox,
 * between two of them, and before it commits. `adversary.aggregates` are rows that many writers want at once, each with
 * the version of its last event.
 */
export async function installHazards(admin: Sql, delays: Delays): Promise<void> {
  await admin.unsafe(`
    create schema adversary;
    grant usage on schema adversary to core;
    create table adversary.aggregates (id text primary key, version integer not null);
    grant select, insert, update on adversary.aggregates to core;
    create function adversary.delay() returns trigger language plpgsql as $$
    begin
      if random() < ${Number(delays.share)} then perform pg_sleep(random() * ${Number(delays.mostMs)} / 1000); end if;
      return case when tg_level = 'ROW' then new end;
    end $$;
    create trigger adversary_before_row before insert or update on core.policies
      for each row execute function adversary.delay();
    create trigger adversary_before_ids before insert on core.outbox
      for each statement execute function adversary.delay();
    create trigger adversary_after_id before insert on core.outbox
      for each row execute function adversary.delay();
    create constraint trigger adversary_before_commit after insert on core.outbox deferrable initially deferred
      for each row execute function adversary.delay();`);
}
