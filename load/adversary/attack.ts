import postgres, { type Sql } from 'postgres';
import { POLICIES } from '#contracts/topics.ts';
import { seeded } from '../bench/seeded.ts';
import { collectEvidence } from './evidence.ts';
import { type Harm, harm, type Victims } from './harm.ts';
import { type Delays, installHazards } from './hazards.ts';
import { judge, type Verdict } from './judge.ts';
import { retireByClock } from './mutants/clock-retention.ts';
import { WITHOUT_UNIQUE_BOOKS } from './mutants/memory-dedup.ts';
import type { RelayName } from './mutants/relays.ts';
import type { ConsumerName } from './processes/consumer-process.ts';
import { settle } from './settle.ts';
import type { AttackedDatabase, Stand } from './stand.ts';
import { startVictims } from './start-victims.ts';
import { tendPieces } from './tend-pieces.ts';
import type { TopicFaults } from './topic/faults.ts';
import { serveTopic, type TopicServer } from './topic/serve-topic.ts';
import { createTopicLog, type TopicLog } from './topic/topic-log.ts';
import { holdOpen } from './writers/hold-open.ts';
import { issueHotPolicies } from './writers/hot-policies.ts';

/** Who is attacked: the product's own parts, or one of them written the naive way. */
export interface Target {
  readonly relay: RelayName;
  readonly consumer: ConsumerName;
  readonly retention: 'real' | 'clock';
}

export interface Attack {
  readonly target: Target;
  readonly seed: number;
  /** Writers stop when so many events are committed and they know it. */
  readonly events: number;
  /** Among which the 16 writers are shared out. */
  readonly writerProcesses: 2 | 4 | 8;
  readonly delays: Delays;
  readonly faults: TopicFaults;
  /** Events from one harm to the next, on average. */
  readonly harmEvery: number;
  /** Share of harms (0 to 1) that kill who has just taken over, while its predecessor lives. */
  readonly usurped: number;
  /** Milliseconds without any progress after which what is not there is lost. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly progress?: (committed: number) => void;
}

export interface Outcome extends Harm {
  readonly verdict: Verdict;
  /** Committed in all. */
  readonly events: number;
  /** Records in the topic, repeats among them. */
  readonly records: number;
  readonly cuts: number;
  /** Pieces of the outbox that retention dropped. */
  readonly dropped: number;
  /** What was found when nothing moved any more and not all was booked. */
  readonly stalled: readonly string[];
  readonly seconds: number;
}

const HOT_POLICIES = 6;

/** Runs one seed on a database of its own: writers, relays and consumers are harmed until enough is written, then judged. */
export async function attack(stand: Stand, options: Attack): Promise<Outcome> {
  const begun = performance.now();
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await stand.createDatabase());
  await installHazards(database.admin, options.delays);
  if (options.target.consumer === 'memory-dedup') await database.admin.unsafe(WITHOUT_UNIQUE_BOOKS);
  if (options.target.relay === 'skip-locked') await database.admin.unsafe(SENT_TABLE);
  const random = seeded(options.seed);
  const log = createTopicLog(POLICIES.partitions);
  const topic = stack.use(await serveTopic({ log, partitions: POLICIES.partitions, faults: options.faults, random }));
  const core = postgres(database.url('core'), { max: 4, onnotice: () => undefined });
  stack.defer(() => core.end({ timeout: 1 }));
  const acknowledged = new Set<string>();
  const storm: Storm = { stand, database, core, topic, log, random, acknowledged, ...options };
  const done = await rage(storm, stack);
  const evidence = await collectEvidence(database.admin, { log, acknowledged });
  return {
    ...done,
    verdict: judge(evidence),
    events: evidence.happened.length,
    records: log.size,
    cuts: topic.cuts,
    seconds: (performance.now() - begun) / 1_000,
  };
}

const SENT_TABLE = `create table adversary.sent (id bigint primary key); grant select, insert on adversary.sent to core`;

interface Storm extends Attack {
  readonly stand: Stand;
  readonly database: AttackedDatabase;
  readonly core: Sql;
  readonly topic: TopicServer;
  readonly log: TopicLog;
  readonly random: () => number;
  readonly acknowledged: Set<string>;
}

/** Until enough is committed; then all that is on its way may arrive, and nobody lives any more. */
async function rage(storm: Storm, stack: AsyncDisposableStack) {
  const { core, database, random, acknowledged } = storm;
  const enough = Promise.withResolvers<void>();
  const acknowledge = (key: string) => {
    acknowledged.add(key);
    storm.progress?.(acknowledged.size);
    if (acknowledged.size >= storm.events) enough.resolve();
  };
  const hot = await issueHotPolicies(core, { count: HOT_POLICIES, random });
  const victims = startVictims(storm, { hot, acknowledge });
  for (const member of Object.values(victims).flat()) stack.use(member);
  const done = { kills: 0, ended: 0, frozen: 0, dropped: 0 };
  const [calmed, retired] = [new AbortController(), new AbortController()];
  const { admin } = database;
  const onDropped = (pieces: number) => {
    done.dropped += pieces;
  };
  const committed = () => acknowledged.size;
  const { harmEvery: every, usurped } = storm;
  const harmed = harm(victims, done, { admin, random, every, usurped, committed, signal: calmed.signal });
  const held = holdOpen(core, { random, acknowledge, signal: calmed.signal });
  const tended =
    storm.target.retention === 'clock'
      ? retireByClock(admin, retired.signal)
      : tendPieces({ core, admin, signal: retired.signal, onDropped });
  const failure = failing([harmed, held, tended, aborted(storm.signal), ...died(victims)]);
  try {
    await Promise.race([enough.promise, failure]);
    calmed.abort();
    await Promise.all([harmed, held]);
    return { ...done, stalled: await Promise.race([drain(storm, victims), failure]) };
  } finally {
    calmed.abort();
    retired.abort();
    await Promise.allSettled([harmed, held, tended]);
  }
}

/** Writers end what they have begun, and all that is on its way arrives or is lost. */
async function drain({ database, log, topic, patienceMs, signal }: Storm, { writers, ...others }: Victims) {
  for (const writer of writers) writer.say('stop');
  await Promise.all(writers.map((writer) => writer.done));
  topic.calm();
  const workers = [...others.relays, ...others.consumers];
  const everybodyIsUp = () => workers.every((member) => member.isUp);
  const stalled = await settle({ admin: database.admin, log, patienceMs, everybodyIsUp, signal });
  for (const member of workers) await member[Symbol.asyncDispose]();
  return stalled;
}

/** Rejects with the first of them that does, and never resolves. */
const failing = (work: readonly Promise<unknown>[]) =>
  new Promise<never>((_, reject) => {
    for (const promise of work) promise.catch(reject);
  });

/** Killed they come back: one that ends by itself is a fault of the stand, or of the product. Writers end when told. */
const died = ({ writers, relays, consumers }: Victims) => [
  ...writers.map((member) => member.done),
  ...[...relays, ...consumers].map((member) =>
    member.done.then((): never => {
      throw new Error('A process of the storm ended by itself');
    }),
  ),
];

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
