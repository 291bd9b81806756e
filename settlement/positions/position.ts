import type { TransactionSql } from 'postgres';
import { type Position, START } from './place-event.ts';

/** Which stream: partitions of two regions are never one. */
export interface Stream {
  readonly region: string;
  readonly topic: string;
  readonly partition: number;
}

/** Reads a stream's position and holds it until the transaction ends: another consumer of the partition waits here. */
export async function lockPosition(tx: TransactionSql, stream: Stream): Promise<Position> {
  const { region, topic, partition } = stream;
  const select = () => tx<{ epoch: number; sequence: number; unplaced: number }[]>`
    select epoch::float8 as epoch, sequence::float8 as sequence, unplaced from settlement.positions
    where region = ${region} and topic = ${topic} and partition = ${partition} for update`;
  const [found] = await select();
  if (found) return found;
  await tx`
    insert into settlement.positions (region, topic, partition, epoch, sequence, unplaced)
    values (${region}, ${topic}, ${partition}, ${START.epoch}, ${START.sequence}, ${START.unplaced})
    on conflict do nothing`;
  const [made] = await select();
  if (!made) throw new Error(`The position of ${topic}/${partition} vanished`);
  return made;
}

/** Moves a position by compare-and-set. Rejects when it is no longer `from`. */
export async function movePosition(
  tx: TransactionSql,
  stream: Stream,
  { from, to }: { from: Position; to: Position },
): Promise<void> {
  const { region, topic, partition } = stream;
  const moved = await tx`
    update settlement.positions set epoch = ${to.epoch}, sequence = ${to.sequence}, unplaced = ${to.unplaced}
    where region = ${region} and topic = ${topic} and partition = ${partition}
      and epoch = ${from.epoch} and sequence = ${from.sequence} and unplaced = ${from.unplaced}`;
  if (moved.count !== 1) throw new Error(`The position of ${topic}/${partition} was moved by another consumer`);
}
