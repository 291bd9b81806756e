import type { Statements } from './database/statements.ts';
import { writePolicies } from './database/write-policies.ts';
import { createHost } from './engine/host.ts';
import type { World } from './engine/world.ts';
import type { Region } from './region.ts';

const WRITERS = 5;

/** Sells and cancels for a while, five at once. Answers the writers that have not ended. */
export function startWriting(
  world: World,
  region: Region,
  { partitions, withinMs }: { partitions: number; withinMs: number },
): ReadonlySet<number> {
  const { chance } = world;
  const { database } = region;
  const policies = chance.integer(6, 24);
  const events = chance.integer(6, 16);
  const writing = new Set<number>();
  let number = 0;
  const nextNumber = () => {
    number += 1;
    return number;
  };
  // Not every commit is followed by a poke: its process may be another, or gone.
  const onCommit = (partition: number) => {
    if (chance.happens(0.7)) region.poke(partition);
  };
  for (let n = 1; n <= WRITERS; n += 1) {
    const host = createHost(world, `writer ${n}`);
    writing.add(n);
    const options = { host, database, partitions, policies, events, withinMs, nextNumber, onCommit };
    void writePolicies(world, options).then(() => writing.delete(n));
  }
  return writing;
}

const RETIRE_EVERY_MS = 150;
/** So short that in each run pieces are old before they are sent. */
const KEEP_MS = 300;

/** Drops pieces of the outbox's table as they may go, over and over. */
export function startRetiring(world: World, { database }: Region, { retire }: Pick<Statements, 'retire'>): void {
  const tend = () => {
    world.clock.after(RETIRE_EVERY_MS, tend);
    if (!database.isUp()) return;
    const backend = database.accept();
    if (retire({ database, backend }, { keepMs: KEEP_MS })) world.trace(() => 'a piece is dropped');
    backend.close();
  };
  world.clock.after(RETIRE_EVERY_MS, tend);
}
