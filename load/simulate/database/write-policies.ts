import { partitionOf } from '#platform/outbox/partition.ts';
import { type Connection, connect } from '../engine/connection.ts';
import type { Host } from '../engine/host.ts';
import { strikes, type World } from '../engine/world.ts';
import type { DatabaseBackend } from './backend.ts';
import type { Database } from './database.ts';

export interface WriterOptions {
  readonly host: Host;
  readonly database: Database;
  readonly partitions: number;
  /** Policies that all writers issue and cancel, against one another. */
  readonly policies: number;
  readonly events: number;
  /** Milliseconds within which all of it is tried. */
  readonly withinMs: number;
  /** Of events: never the same twice. */
  readonly nextNumber: () => number;
  readonly onCommit: (partition: number) => void;
}

/** Hexadecimal, in the form of a UUID of version 4. */
const uuid = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** Issues and cancels policies, one transaction after another; whatever fails is not tried again. */
export async function writePolicies(world: World, options: WriterOptions): Promise<void> {
  const { clock, chance } = world;
  const { host, database, events, withinMs } = options;
  const never = new AbortController().signal;
  for (let turn = 0; turn < events; turn += 1) {
    await host.wait(chance.between(0, withinMs / events), never);
    if (clock.now() > withinMs) return;
    const connection = connect(world, { host, server: database });
    const aggregateId = `msk-${uuid(chance.integer(1, options.policies))}`;
    await advance(world, { ...options, connection, aggregateId }).then(
      () => options.onCommit(partitionOf(aggregateId, options.partitions)),
      () => undefined,
    );
    connection.end();
  }
}

interface Advancing extends WriterOptions {
  readonly connection: Connection<DatabaseBackend>;
  readonly aggregateId: string;
}

/**
 * One transaction: the next version of a policy, 1 issued, 2 cancelled. As Postgres may, it takes its xid before it waits
 * for the row, or after; then time passes before and after the id is taken, under the row's lock.
 */
async function advance(world: World, options: Advancing): Promise<void> {
  const { chance, clock, trace } = world;
  const { connection, database, aggregateId, partitions } = options;
  if (chance.happens(0.5)) await connection.ask((backend) => backend.xid());
  await pass(options, chance.one(0, 5, 60));
  await connection.ask((backend) => backend.lockRow(aggregateId));
  const version = await connection.ask(() => (database.state().versions.get(aggregateId) ?? 0) + 1);
  if (version > 2) throw new Error('The policy is cancelled');
  await pass(options, chance.one(0, 5, 150));
  const id = await connection.ask((backend) => {
    backend.write((state) => state.versions.set(aggregateId, version));
    return database.nextId();
  });
  await pass(options, chance.one(0, 0, 100));
  const partition = partitionOf(aggregateId, partitions);
  const eventId = uuid(0x10000 + options.nextNumber());
  const event = { id, partition, aggregateId, aggregateVersion: version, eventId };
  await connection.ask((backend) => backend.insert({ ...event, occurredAt: clock.now() }));
  await pass(options, chance.one(0, 20, 300, 1_200));
  if (strikes(world, world.weather.rollback)) throw new Error('rolled back');
  await connection.ask((backend) => {
    backend.commit();
    world.happened('committed');
  });
  trace(() => `committed ${aggregateId.slice(-4)} version ${version} id ${id}`);
}

const pass = ({ host }: Advancing, ms: number): Promise<void> => host.wait(ms, new AbortController().signal);
