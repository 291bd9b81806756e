import { setTimeout as timer } from 'node:timers/promises';
import type { Sql } from 'postgres';
import type { OutgoingMessage } from '#platform/events/transport.ts';
import { fetchNpm } from '../../fetch-npm.ts';
import { PEER_PACKAGES } from '../../peer-versions.ts';
import type { Server } from '../stand.ts';

/** As much of pg-transactional-outbox as is used. */
interface Library {
  readonly DatabaseSetup: Record<
    'dropAndCreateTable' | 'createPollingFunction' | 'setupPollingIndexes',
    (config: object) => string
  >;
  initializePollingMessageListener: StartListener;
  initializeReplicationMessageListener: StartListener;
  createReplicationSegmentMutexConcurrencyController(): object;
  getDisabledLogger(): object;
}
type StartListener = (
  config: object,
  handler: { handle(message: { payload: Payload }): Promise<void> },
  ...rest: readonly [logger: object, strategies: object]
) => [shutdown: () => Promise<void>];

/** The event as it is sent. */
interface Payload {
  readonly partition: number;
  readonly aggregateId: string;
}

/** The two ways in which it reads its table. */
export type Listener = 'replication' | 'polling';

/** Sends one message; resolves when it is acknowledged. */
type Send = (message: OutgoingMessage) => Promise<void>;

export interface TransactionalOutbox {
  /** Its own table anew, empty: it cannot read another's. */
  empty(): Promise<void>;
  /** Puts what core's outbox has into that table: the bytes that the relay sends, but for their numbers. */
  copyRows(): Promise<void>;
  /** Carries so many; s from its start to the last acknowledgement. */
  carry(count: number, send: Send): Promise<number>;
}

/** The connections of its handlers: more gained nothing. */
const CONNECTIONS = 40;
/** Messages under way at once when it polls, and how few are left when it asks for more: each question sorts all that wait. */
const UNDER_WAY = { most: 400, least: 200 };
/** ms. Everything waits in the process at once, so no message may time out. */
const LONG = 3_600_000;

/**
 * pg-transactional-outbox, tuned: no protections that cost a transaction more a message, no wait for the disk when a
 * message is marked (nor does the relay wait), as many handlers as gain anything. By replication it keeps the order of each
 * policy (a mutex each); when it polls it keeps none, for in order its function takes one message of a segment at a time.
 */
export async function openTransactionalOutbox(
  { admin, server }: { admin: Sql; server: Server },
  { listener, slot, publication }: { listener: Listener; slot: string; publication: string },
): Promise<TransactionalOutbox> {
  const require = await fetchNpm(PEER_PACKAGES.transactionalOutbox);
  const library = require('pg-transactional-outbox') as Library;
  const table = `by_${listener}`;
  const setup = {
    outboxOrInbox: 'outbox',
    database: server.database,
    schema: 'peer',
    table,
    listenerRole: 'postgres',
    nextMessagesName: 'next_messages',
  };
  return {
    async empty() {
      await admin.unsafe(library.DatabaseSetup.dropAndCreateTable(setup));
      if (listener === 'replication') return;
      await admin.unsafe(library.DatabaseSetup.createPollingFunction(setup));
      await admin.unsafe(library.DatabaseSetup.setupPollingIndexes(setup));
    },
    async copyRows() {
      await admin`
        insert into peer.${admin(table)} (id, aggregate_type, aggregate_id, message_type, segment, concurrency, payload)
        select event_id, 'policy', aggregate_id, type, ${listener === 'replication' ? admin`aggregate_id` : null},
          ${listener === 'replication' ? 'sequential' : 'parallel'},
          jsonb_build_object('eventId', event_id, 'type', type, 'aggregateId', aggregate_id, 'aggregateVersion', aggregate_version,
            'region', 'msk', 'partition', partition, 'epoch', 1, 'sequence', id, 'occurredAt', occurred_at,
            'traceparent', traceparent, 'data', data::jsonb)
        from core.outbox order by id`;
      await admin`analyze peer.${admin(table)}`;
    },
    async carry(count, send) {
      const done = Promise.withResolvers<void>();
      let sent = 0;
      const handle = async ({ payload }: { payload: Payload }) => {
        const { partition, aggregateId } = payload;
        await send({ partition, key: aggregateId, value: JSON.stringify(payload) });
        sent += 1;
        if (sent === count) done.resolve();
      };
      const { port, password, database } = server;
      const connection = { host: '127.0.0.1', port, user: 'postgres', password, database };
      const config = {
        outboxOrInbox: 'outbox',
        dbListenerConfig: connection,
        dbHandlerConfig: { ...connection, max: CONNECTIONS, options: '-c synchronous_commit=off' },
        settings: {
          dbSchema: 'peer',
          dbTable: table,
          messageProcessingTimeoutInMs: LONG,
          enableMaxAttemptsProtection: false,
          enablePoisonousMessageProtection: false,
          dbPublication: publication,
          dbReplicationSlot: slot,
          nextMessagesFunctionSchema: 'peer',
          nextMessagesFunctionName: 'next_messages',
          nextMessagesLockInMs: LONG,
          nextMessagesPollingIntervalInMs: 10,
        },
      };
      const startedAt = performance.now();
      const [shutdown] = start(library, { listener, config, handle, fail: done.reject });
      await done.promise;
      const seconds = (performance.now() - startedAt) / 1_000;
      // The last are acknowledged, and not marked yet.
      await untilMarked(admin, table);
      await shutdown();
      return seconds;
    },
  };
}

interface Start {
  readonly listener: Listener;
  readonly config: object;
  readonly handle: Parameters<StartListener>[1]['handle'];
  /** It would log what goes wrong, and go on for ever. */
  readonly fail: (error: unknown) => void;
}

function start(library: Library, { listener, config, handle, fail }: Start): [shutdown: () => Promise<void>] {
  const logger = { ...library.getDisabledLogger(), error: fail };
  if (listener === 'replication') {
    const concurrencyStrategy = library.createReplicationSegmentMutexConcurrencyController();
    return library.initializeReplicationMessageListener(config, { handle }, logger, { concurrencyStrategy });
  }
  const batchSizeStrategy = async (busy: number) => {
    if (busy <= UNDER_WAY.least) return UNDER_WAY.most;
    await timer(1);
    return busy;
  };
  return library.initializePollingMessageListener(config, { handle }, logger, { batchSizeStrategy });
}

const LOOKS = 1_000;

async function untilMarked(admin: Sql, table: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const waiting = await admin`select 1 from peer.${admin(table)} where processed_at is null limit 1`;
    if (waiting.length === 0) return;
    await timer(20);
  }
  throw new Error(`Wrong: pg-transactional-outbox sent all of ${table} and did not mark all`);
}
