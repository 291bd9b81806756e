import type { Sql } from 'postgres';
import { wait } from '#platform/lifecycle/wait.ts';
import type { Member } from './processes/member.ts';

/** What is there to be harmed. */
export interface Victims {
  readonly relays: readonly Member[];
  readonly consumers: readonly Member[];
  readonly writers: readonly Member[];
}

/** How often each was done. */
export interface Harm {
  kills: number;
  /** Sessions that own partitions, ended while their relay lives. */
  ended: number;
  /** Relays stopped in the middle of whatever they did, overtaken, and let go on. */
  frozen: number;
}

interface Harming {
  readonly admin: Sql;
  readonly random: () => number;
  /** Events committed from one harm to the next, on average: by the clock, a busy machine would do nothing but start. */
  readonly every: number;
  /** Share of harms (0 to 1) that take an owner's partitions from it and then kill the one who took them. */
  readonly usurped: number;
  readonly committed: () => number;
  readonly signal: AbortSignal;
}

/** A relay's sessions are known by this and its number. */
export const RELAY_SESSION = 'adversary-relay-';

/** Harms at random until stopped; then nobody is frozen any more. */
export async function harm(victims: Victims, done: Harm, options: Harming): Promise<void> {
  const { admin, random, signal } = options;
  /** Only who is at work: on a busy machine nobody would live long enough to do any. */
  const pick = (among: readonly Member[]) => {
    const up = among.filter((member) => member.isUp);
    return up[Math.floor(random() * up.length)];
  };
  while (!signal.aborted) {
    await moment(options);
    if (signal.aborted) return;
    if (random() < options.usurped) {
      done.ended += await endOwner(admin, await findOwner(admin, random));
      await moment(options);
      done.kills += await killOwner(victims.relays, options);
      continue;
    }
    const dice = random();
    if (dice < 0.72) {
      const group = dice < 0.4 ? victims.relays : dice < 0.56 ? victims.consumers : victims.writers;
      const victim = pick(group);
      await victim?.kill();
      done.kills += victim ? 1 : 0;
    } else if (dice < 0.86) done.ended += await endOwner(admin, await findOwner(admin, random));
    else done.frozen += await freeze(victims.relays, options);
  }
}

/** Whoever owns partitions now: its predecessor, which may not know that it lost them, is left to go on beside the next. */
async function killOwner(relays: readonly Member[], { admin, random }: Harming): Promise<number> {
  const owner = await findOwner(admin, random);
  const member = owner === undefined ? undefined : relays[owner];
  await member?.kill();
  return member ? 1 : 0;
}

const LOOK_MS = 10;
/** Milliseconds without a commit after which harm goes on all the same. */
const MOST_REST_MS = 3_000;

async function moment({ every, committed, random, signal }: Harming): Promise<void> {
  const [next, until] = [committed() + every * (0.5 + random()), performance.now() + MOST_REST_MS];
  while (!signal.aborted && committed() < next && performance.now() < until) await wait(LOOK_MS, signal);
}

const MOST_FROZEN_MS = 400;

/** The lock of a stopped process goes to another when its connection does; then it goes on as if nothing had been. */
async function freeze(relays: readonly Member[], { admin, random, signal }: Harming): Promise<number> {
  const owner = await findOwner(admin, random);
  const member = owner === undefined ? undefined : relays[owner];
  if (owner === undefined || !member) return 0;
  member.signal('SIGSTOP');
  await endOwner(admin, owner);
  await wait(random() * MOST_FROZEN_MS, signal);
  member.signal('SIGCONT');
  return 1;
}

/** The number of a relay that owns partitions now. */
async function findOwner(admin: Sql, random: () => number): Promise<number | undefined> {
  const owners = await admin<{ name: string }[]>`${ownersOf(admin)} order by name`;
  const name = owners[Math.floor(random() * owners.length)]?.name;
  return name === undefined ? undefined : Number(name.slice(RELAY_SESSION.length));
}

/** Ends the session by which a relay owns partitions. Answers how many there were. */
async function endOwner(admin: Sql, owner: number | undefined): Promise<number> {
  const ended = await admin`
    select pg_terminate_backend(pid) from (${ownersOf(admin)}) owners where name = ${`${RELAY_SESSION}${owner}`}`;
  return ended.length;
}

const ownersOf = (admin: Sql) => admin`
  select distinct a.pid, a.application_name as name from pg_stat_activity a
  join pg_locks l on l.pid = a.pid and l.locktype = 'advisory' and l.granted
  where a.datname = current_database() and a.application_name like ${`${RELAY_SESSION}%`}`;
