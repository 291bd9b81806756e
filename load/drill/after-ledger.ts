import { POLICIES } from '#contracts/topics.ts';
import { partitionOf } from '#platform/outbox/partition.ts';
import { closeGate } from './gates.ts';
import { readOffsets } from './read-topic.ts';
import { countOutcome, eventually, findSold, freeze, requireHit, type Window, type WindowContext } from './window.ts';

/** Settlement is killed when the ledger has the event, and the broker does not know that it was read. */
export const afterLedger: Window = async (ctx) => {
  const { stand, buyer } = ctx;
  const intent = buyer.want({ repeats: false, cancels: false });
  const before = await readOffsets(stand.kafka.brokers);
  await using gate = await closeGate(stand, 'positions');
  await buyer.carryOut(intent);
  const [reader = ''] = await gate.waiting();
  // At once: what waits at the gate gives up after some seconds.
  freeze(stand.member(reader));
  await gate.open();
  const id = (await findSold(ctx, intent)) ?? '';
  await eventually('The booking', () => isBooked(ctx, id));
  await stand.member(reader).kill();
  const partition = partitionOf(id, POLICIES.partitions);
  const offset = (await readOffsets(stand.kafka.brokers)).get(partition);
  requireHit(offset === before.get(partition), `the broker knows that ${reader} has read it`);
  const duplicates = await countOutcome(ctx, 'duplicate');
  await stand.member(reader).start();
  await eventually('The event, read again', async () => (await countOutcome(ctx, 'duplicate')) > duplicates);
  return `${reader} had booked it and partition ${partition}'s offset stood at ${offset}; read again, counted as a duplicate`;
};

async function isBooked({ stand }: WindowContext, id: string): Promise<boolean> {
  const rows = await stand.asAdmin((sql) => sql`select from settlement.ledger_transactions where aggregate_id = ${id}`);
  return rows.length > 0;
}
