import type { TransactionSql } from 'postgres';
import { type Position, START, type StopReason } from './place-event.ts';

/** Which stream: partitions of two regions are never one. */
export interface Stream {
  readonly region: string;
  readonly topic: string;
  readonly partition: number;
}

interface Row {
  readonly epoch: number;
  readonly sequence: number;
  readonly unplaced: number;
  readonly stopped_reason: StopReason | null;
  readonly stopped_sequence: number | null;
}

/** Reads a stream's position and holds it until the transaction ends: another consumer of the partition waits here. */
export async function lockPosition(tx: TransactionSql, stream: Stream): Promise<Position> {
  const { region, topic, partition } = stream;
  const select = () => tx<Row[]>`
    select epoch::float8 as epoch, sequence::float8 as sequence, unplaced,
      stopped_reason, stopped_sequence::float8 as stopped_sequence
    from settlement.positions
    where region = ${region} and topic = ${topic} and partition = ${partition} for update`;
  const [found] = await select();
  if (found) return toPosition(found);
  await tx`
    insert into settlement.positions (region, topic, partition, epoch, sequence, unplaced)
    values (${region}, ${topic}, ${partition}, ${START.epoch}, ${START.sequence}, ${START.unplaced})
    on conflict do nothing`;
  const [made] = await select();
  if (!made) throw new Error(`The position of ${topic}/${partition} vanished`);
  return toPosition(made);
}

function toPosition({ epoch, sequence, unplaced, ...row }: Row): Position {
  const [reason, stopSequence] = [row.stopped_reason, row.stopped_sequence];
  const stop = reason === null || stopSequence === null ? null : { reason, sequence: stopSequence };
  return { epoch, sequence, unplaced, stop };
}

/** Moves a position by compare-and-set, and notes `at` of a new stop. Rejects when it is no longer `from`. */
export async function movePosition(
  tx: TransactionSql,
  stream: Stream,
  { from, to, at }: { from: Position; to: Position; at: Date },
): Promise<void> {
  const { region, topic, partition } = stream;
  const { stop } = to;
  const moved = await tx`
    update settlement.positions set epoch = ${to.epoch}, sequence = ${to.sequence}, unplaced = ${to.unplaced},
      stopped_at = ${stop === from.stop ? tx`stopped_at` : stop && at.toISOString()},
      stopped_reason = ${stop?.reason ?? null}, stopped_sequence = ${stop?.sequence ?? null}
    where region = ${region} and topic = ${topic} and partition = ${partition}
      and epoch = ${from.epoch} and sequence = ${from.sequence} and unplaced = ${from.unplaced}
      and stopped_reason is not distinct from ${from.stop?.reason ?? null}
      and stopped_sequence is not distinct from ${from.stop?.sequence ?? null}`;
  if (moved.count !== 1) throw new Error(`The position of ${topic}/${partition} was moved by another consumer`);
}
