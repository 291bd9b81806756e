import { setTimeout as timer } from 'node:timers/promises';
import type { Buyer, Intent } from './buyer.ts';
import type { DrillContext } from './drill.ts';
import type { Member } from './member.ts';
import { countRecords } from './read-topic.ts';
import type { Stand } from './stand.ts';

/** What a window is hit with. */
export interface WindowContext extends DrillContext {
  readonly stand: Stand & { readonly kafka: NonNullable<Stand['kafka']> };
  readonly buyer: Buyer;
}

/** Hits one window on purpose; resolves with what shows that it was hit, rejects when it was not. */
export type Window = (ctx: WindowContext) => Promise<string>;

/** Throws a sentence unless the window was really hit. */
export function requireHit(isHit: boolean, otherwise: string): void {
  if (!isHit) throw new Error(`The window was not hit: ${otherwise}`);
}

/** The policy of an intent as the table has it now. */
export async function findSold({ stand }: WindowContext, { key }: Intent): Promise<string | undefined> {
  const [row] = await stand.asAdmin(
    (sql) => sql<{ id: string }[]>`select id from core.policies where idempotency_key = ${key}`,
  );
  return row?.id;
}

const PATIENCE_MS = 20_000;

/** Looks again and again until there is something. Rejects when there never is. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await timer(20);
  }
  throw new Error(`${what} was waited for in vain, ${PATIENCE_MS / 1_000} s long`);
}

/** Records on the topic. */
export const countAll = async ({ stand }: Pick<WindowContext, 'stand'>): Promise<number> =>
  [...(await countRecords(stand.kafka.brokers)).values()].reduce((sum, count) => sum + count, 0);

/** Stops a process where it is; it keeps all it has, and says nothing. Killed, it ends all the same. */
export const freeze = (member: Member): void => send(member, 'SIGSTOP');

/** Lets it go on as if nothing had been. */
export const thaw = (member: Member): void => send(member, 'SIGCONT');

function send(member: Member, signal: NodeJS.Signals): void {
  const pid = member.pid();
  if (pid === undefined) throw new Error(`${member.name} cannot have ${signal}: it does not run`);
  process.kill(pid, signal);
}

/** What all replicas of settlement have counted of an outcome; killed ones begin at nothing again. */
export async function countOutcome({ stand }: WindowContext, outcome: string): Promise<number> {
  const texts = await Promise.all(
    stand.settlementUrls.map((url) =>
      fetch(`${url}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      ),
    ),
  );
  const line = new RegExp(`^settlement_events_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`, 'm');
  return texts.reduce((sum, text) => sum + Number(line.exec(text)?.[1] ?? 0), 0);
}
