import type { Target } from './attack.ts';
import type { Victims } from './harm.ts';
import { type Member, startMember } from './processes/member.ts';
import type { AttackedDatabase, Stand } from './stand.ts';
import type { TopicServer } from './topic/serve-topic.ts';

const WRITERS = 16;
const RELAYS = 3;
const CONSUMERS = 2;

/** Where a storm's processes work. */
interface Place {
  readonly stand: Stand;
  readonly database: AttackedDatabase;
  readonly topic: TopicServer;
  readonly target: Target;
  readonly seed: number;
  readonly writerProcesses: number;
}

interface Writing {
  readonly hot: readonly string[];
  readonly acknowledge: (key: string) => void;
}

/** Starts all who will be killed. */
export function startVictims(place: Place, { hot, acknowledge }: Writing): Victims {
  const { stand, database, topic, target, seed } = place;
  const member = (entry: string, config: (life: number) => object, onMessage?: (message: unknown) => void): Member =>
    startMember({ entry, config, folder: stand.folder, ...(onMessage && { onMessage }) });
  const many = (count: number, start: (n: number) => Member) => Array.from({ length: count }, (_, n) => start(n));
  const core = database.url('core');
  const settlement = database.url('settlement');
  const { relay, consumer } = target;
  return {
    relays: many(RELAYS, (number) =>
      member('relay-process', () => ({ databaseUrl: core, topicPort: topic.port, relay, number })),
    ),
    consumers: many(CONSUMERS, () =>
      member('consumer-process', () => ({ databaseUrl: settlement, topicPort: topic.port, consumer })),
    ),
    writers: many(place.writerProcesses, (number) =>
      member(
        'writer-process',
        (life) => ({
          databaseUrl: core,
          seed: (seed * 100 + number) * 1_000 + life,
          writers: WRITERS / place.writerProcesses,
          hot,
        }),
        (said) => acknowledge(String(said)),
      ),
    ),
  };
}
