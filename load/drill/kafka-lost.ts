import { openBuyer } from './buyer.ts';
import type { DrillContext, Outcome } from './drill.ts';
import { missingFrom, readLedger } from './ledger-kept.ts';
import { countRecords } from './read-topic.ts';
import { sellOpenly } from './sell-openly.ts';
import { type Stand, startStand } from './stand.ts';
import { reachVerdict } from './verdict.ts';
import { eventually, freeze, thaw } from './window.ts';

export interface KafkaLostOptions {
  readonly policies: number;
  readonly seed: number;
}

const PER_SECOND = 30;

/** Kafka is killed in mid-run and its disk wiped; topics come anew, sales never stop, and the outbox is sent again. */
export async function kafkaLost(ctx: DrillContext, { policies, seed }: KafkaLostOptions): Promise<Outcome> {
  await using stand = await startStand({ kafka: true });
  const buyer = await openBuyer(stand, { seed, signal: ctx.signal });
  const third = { policies: Math.ceil(policies / 3), perSecond: PER_SECOND, signal: ctx.signal };
  await sellOpenly(buyer, third);
  const [, lost] = await Promise.all([sellOpenly(buyer, third), loseKafka(ctx, stand)]);
  await eventually('A record on a topic made anew', async () => (await countSent(stand)) > 0);
  ctx.say('the topics are there again; replaying the outbox while the last third is sold');
  const [, replayed] = await Promise.all([sellOpenly(buyer, third), replayAll(stand)]);
  await stand.raise();
  const { lines, faults } = await reachVerdict(stand, { ...(await buyer.books()), topicIsNew: true });
  const changed = missingFrom(await stand.asAdmin(readLedger), lost.ledger);
  return {
    faults: [...faults, ...changed],
    lines: [
      ['in the ledger when Kafka was lost', lost.ledger.size],
      ['lost with it, read by nobody', lost.unread],
      ['events sent again', replayed],
      ...lines,
      ['ledger entries changed', changed.length],
    ],
  };
}

/** So many events at least are lost with the topic: acknowledged by Kafka, and not read yet. */
const UNREAD = 10;

/** Resolves with the ledger as it was when the broker had died, and how many events only the broker had. */
async function loseKafka({ say }: DrillContext, stand: Stand) {
  const { kafka } = stand;
  if (!kafka) throw new Error('This drill needs Kafka');
  const readers = stand.members.filter(({ kind }) => kind === 'settlement');
  for (const reader of readers) freeze(reader);
  const booked = (await stand.asAdmin(readLedger)).size;
  await eventually('Events that nobody reads', async () => (await countSent(stand)) >= booked + UNREAD);
  const sent = await countSent(stand);
  await kafka.kill();
  const ledger = await stand.asAdmin(readLedger);
  await kafka.wipe();
  await kafka.start();
  for (const reader of readers) thaw(reader);
  say(`Kafka was killed and wiped with ${ledger.size} events in the ledger; a new one runs`);
  return { ledger, unread: sent - ledger.size };
}

async function countSent({ kafka }: Stand): Promise<number> {
  const counts = await countRecords(kafka?.brokers ?? '').catch(() => new Map<number, number>());
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** As an operator does it: `npm run outbox -- replay --from beginning` sends this. */
async function replayAll({ plan, coreUrls }: Stand): Promise<number> {
  const answer = await fetch(`${coreUrls[0]}/v1/outbox/replay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${plan.operatorToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ from: 'beginning', reason: 'Kafka was lost' }),
  });
  if (!answer.ok) throw new Error(`The replay was answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { events: number }).events;
}
