import { Registry } from 'prom-client';
import { POLICIES } from '#contracts/topics.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { openOutbox } from '#platform/outbox/outbox-session.ts';
import { startRelay } from '#platform/outbox/relay.ts';
import { RELAY_SESSION } from '../harm.ts';
import { RELAY_MUTANTS, type RelayName } from '../mutants/relays.ts';
import { connectTopic } from '../topic/connect-topic.ts';
import { readConfig, sayReady } from './in-child.ts';
import { openPool } from './open-pool.ts';

/** How a relay process is started. */
export interface RelayConfig {
  readonly databaseUrl: string;
  readonly topicPort: number;
  readonly relay: RelayName;
  /** Which of them it is. */
  readonly number: number;
}

/** Their clock runs ahead, so that partitions are lost and taken more often than life has time for. */
const HURRY = 4;
const config = readConfig<RelayConfig>();
const sql = openPool(config.databaseUrl, { name: `${RELAY_SESSION}${config.number}`, max: 4 });
const openReal = () => openOutbox(sql, { schema: 'core', region: 'msk' });
const mutant = config.relay === 'real' ? undefined : RELAY_MUTANTS[config.relay];
const relay = startRelay({
  open: mutant ? () => mutant({ sql, openReal }) : openReal,
  events: connectTopic(config.topicPort),
  topic: POLICIES,
  wait: (ms, signal) => wait(ms / HURRY, signal),
  now: () => performance.now() * HURRY,
  registry: new Registry(),
  logError: () => undefined,
});
sayReady();
await relay.done;
