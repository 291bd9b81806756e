import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Service } from '#platform/lifecycle/service.ts';
import { type KafkaOptions, startKafka } from '../../local/kafka.ts';
import type { Member } from './member.ts';

export interface KafkaMember extends Member {
  /** Deletes all that the dead broker had: topics, records, offsets. Started again it is a new one. */
  wipe(): Promise<void>;
}

/** A real Kafka 4 broker. */
export function kafkaMember(options: KafkaOptions): KafkaMember {
  let running: (Service & { pid: number }) | undefined;
  const deaths: string[] = [];
  const kill = async () => {
    const ending = running;
    running = undefined;
    if (!ending) return;
    process.kill(ending.pid, 'SIGKILL');
    await ending.done.catch(() => undefined);
  };
  return {
    name: 'kafka',
    kind: 'kafka',
    pid: () => running?.pid,
    isUp: () => running !== undefined,
    deaths,
    async start() {
      const started = await startKafka(options);
      running = started;
      started.done.catch((error: Error) => {
        if (running === started) deaths.push(error.message);
      });
    },
    kill,
    wipe: () => rm(join(options.dir, 'data'), { recursive: true, force: true }),
    [Symbol.asyncDispose]: kill,
  };
}
