import { setTimeout as timer } from 'node:timers/promises';
import type { DrillContext } from './drill.ts';
import type { Member } from './member.ts';
import type { Stand } from './stand.ts';

interface Killing {
  readonly kills: number;
  /** Mean time from one kill to the next, whether what was killed is back or not; ms. */
  readonly everyMs: number;
  readonly random: () => number;
}

/** How often each was killed; and the time from a kill to ready again, ms. */
export interface Killed {
  readonly counts: Map<string, number>;
  readonly backAfterMs: Map<string, number[]>;
}

/** One with the relay's locks is aimed at as such, beside its chance as any core. */
const RELAY = 'relay';

/** Kills what a seed says, when it says, and starts it again at once. Resolves when all that was killed is back. */
export async function killAtRandom(
  { say, signal }: DrillContext,
  stand: Stand,
  { kills, everyMs, random }: Killing,
): Promise<Killed> {
  const killed: Killed = { counts: new Map(), backAfterMs: new Map() };
  const returns: Promise<void>[] = [];
  const failed = new AbortController();
  const until = AbortSignal.any([signal, failed.signal]);
  const begun = performance.now();
  for (let kill = 0; kill < kills && !until.aborted; kill += 1) {
    const at = begun + (kill + random()) * everyMs;
    await timer(Math.max(0, at - performance.now()), undefined, { signal: until }).catch(() => undefined);
    const { target, member } = await aim(stand, random);
    if (until.aborted) break;
    killed.counts.set(target, (killed.counts.get(target) ?? 0) + 1);
    const back = killAndReturn(member, random).then((ms) => {
      killed.backAfterMs.set(member.kind, [...(killed.backAfterMs.get(member.kind) ?? []), ms]);
    });
    back.catch((error: unknown) => failed.abort(error));
    returns.push(back);
    if ((kill + 1) % 10 === 0) say(`${kill + 1} of ${kills} kills`);
  }
  await Promise.all(returns);
  signal.throwIfAborted();
  return killed;
}

/** One of what is up, or the relay's owner; what is down cannot be killed. */
async function aim(stand: Stand, random: () => number): Promise<{ target: string; member: Member }> {
  while (true) {
    const up = stand.members.filter((member) => member.isUp());
    const names = [...up.map(({ name }) => name), ...(stand.kafka ? [RELAY] : [])];
    const target = names[Math.floor(random() * names.length)];
    const member = target === RELAY ? await findRelay(stand) : up.find(({ name }) => name === target);
    if (target && member) return { target, member };
    await timer(10);
  }
}

/** The core that holds the partitions now; undefined while the database cannot be asked, or nobody does. */
export async function findRelay(stand: Stand): Promise<Member | undefined> {
  const found = await stand
    .asAdmin(
      (sql) => sql<{ name: string }[]>`
        select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
        where l.locktype = 'advisory' and l.granted and l.objsubid = 2
        group by 1 order by count(*) desc limit 1`,
    )
    .catch(() => []);
  return stand.members.find((member) => member.name === found[0]?.name && member.isUp());
}

async function killAndReturn(member: Member, random: () => number): Promise<number> {
  const at = performance.now();
  const isPostgres = member.kind === 'postgres';
  await member.kill(isPostgres && random() < 0.5 ? 'SIGQUIT' : 'SIGKILL');
  await member.start();
  return performance.now() - at;
}
