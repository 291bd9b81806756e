import { setTimeout as timer } from 'node:timers/promises';
import { openAdmin } from '../../open-admin.ts';
import type { Fault } from '../fault.ts';
import type { Stage } from '../start-stage.ts';
import type { WatchedRegion } from '../watched-region.ts';

/** The database answers and takes no writes, as one whose disk is full or that was demoted. */
const readOnly: Fault = {
  alert: 'RegionCannotSell',
  needsKafka: false,
  async inject({ region }) {
    const set = (how: string) =>
      region.asAdmin(async (sql) => {
        await sql.unsafe('set default_transaction_read_only = off');
        await sql.unsafe(`alter system ${how}`);
        await sql`select pg_reload_conf()`;
      });
    await set('set default_transaction_read_only = on');
    return { heal: () => set('reset default_transaction_read_only') };
  },
};

/** Somebody holds what every sale and every check needs. */
const locked: Fault = {
  alert: 'RegionCannotSell',
  needsKafka: false,
  async inject({ region }) {
    const admin = openAdmin(region.plan.adminUrl);
    await admin.sql.unsafe('begin');
    await admin.sql.unsafe('lock table core.policies, core.heartbeat in access exclusive mode');
    return { heal: async () => await admin[Symbol.asyncDispose]() };
  },
};

/** Sales of one insurer take three seconds: they are answered, and who waits for them does not call it so. */
const slow: Fault = {
  alert: 'SalesFailing',
  needsKafka: false,
  async inject({ region }) {
    const body = 'perform pg_sleep(3); return new';
    return { heal: await hinder(region, { when: "when (new.insurer = 'volga')", body }) };
  },
};

/** Stopped for most of each second, as by another process that takes the processor. */
const STUTTER_MS = { stopped: 800, running: 200 } as const;

const stuttering: Fault = {
  alert: 'EventLoopBlocked',
  needsKafka: true,
  async inject({ region }) {
    const pid = region.members.core[0]?.pid();
    if (pid === undefined) throw new Error('Core is not running');
    const healed = new AbortController();
    const stutter = async () => {
      while (!healed.signal.aborted) {
        process.kill(pid, 'SIGSTOP');
        await timer(STUTTER_MS.stopped);
        process.kill(pid, 'SIGCONT');
        await timer(STUTTER_MS.running);
      }
    };
    const stuttered = stutter();
    return {
      async heal() {
        healed.abort();
        await stuttered;
      },
    };
  },
};

/** A replica dies again and again. A scrape must see each life of it. */
const [LIVES, SEEN_MS] = [3, 7_000];

const restarting: Fault = {
  alert: 'ServiceRestarting',
  needsKafka: true,
  async inject({ region }) {
    const replica = region.members.core[1];
    for (let life = 1; life <= LIVES; life += 1) {
      await timer(SEEN_MS);
      await replica?.kill();
      await replica?.start();
    }
    return { since: performance.now(), heal: async () => undefined };
  },
};

/** Core refuses what it should sell, of one insurer: everything else about it is well. */
const salesRefused: Fault = {
  alert: 'SalesFailing',
  needsKafka: false,
  async inject({ region }) {
    const body = "raise exception 'refused by the drill'";
    return { heal: await hinder(region, { when: "when (new.insurer = 'volga')", body }) };
  },
};

/** Puts something in the way of each sale; resolves with what takes it away. */
async function hinder(
  region: WatchedRegion,
  { when, body }: { when: string; body: string },
): Promise<() => Promise<void>> {
  await region.asAdmin(async (sql) => {
    await sql.unsafe(
      `create function core.drill_hinder() returns trigger language plpgsql as $$ begin ${body}; end $$`,
    );
    await sql.unsafe(`create trigger drill_hinder before insert on core.policies for each row ${when}
      execute function core.drill_hinder()`);
  });
  return () => region.asAdmin(async (sql) => void (await sql.unsafe('drop function core.drill_hinder cascade')));
}

/** An operator takes the region out of the load balancer. */
const drained: Fault = {
  alert: 'RegionDrained',
  needsKafka: false,
  async inject(stage) {
    await setDrain(stage, true);
    return { heal: () => setDrain(stage, false) };
  },
};

async function setDrain({ region }: Stage, isDrained: boolean): Promise<void> {
  const answer = await fetch(`${region.urls.core}/v1/drain`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${region.plan.operatorToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ drained: isDrained, reason: 'a drill' }),
  });
  if (!answer.ok) throw new Error(`A drain was answered ${answer.status}: ${await answer.text()}`);
}

export const coreFaults = {
  'database-read-only': readOnly,
  'tables-locked': locked,
  'sales-slow': slow,
  'region-drained': drained,
  'core-stuttering': stuttering,
  'core-restarting': restarting,
  'sales-refused': salesRefused,
} as const satisfies Record<string, Fault>;
