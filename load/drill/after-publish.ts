import type { TopicRecord } from './evidence.ts';
import { closeGate } from './gates.ts';
import { readTopic } from './read-topic.ts';
import { countAll, countOutcome, eventually, findSold, requireHit, type Window, type WindowContext } from './window.ts';

/** The relay is killed when Kafka has the event, and the cursor does not say so yet. */
export const afterPublish: Window = async (ctx) => {
  const { stand, buyer } = ctx;
  const intent = buyer.want({ repeats: false, cancels: false });
  const [sentBefore, duplicatesBefore] = [await countAll(ctx), await countOutcome(ctx, 'duplicate')];
  await using gate = await closeGate(stand, 'cursor');
  await buyer.carryOut(intent);
  const [relay = ''] = await gate.waiting();
  requireHit((await countAll(ctx)) === sentBefore + 1, 'its event is not on the topic');
  await stand.member(relay).kill();
  await gate.deserted();
  await gate.open();
  await stand.member(relay).start();
  const id = await findSold(ctx, intent);
  const records = await eventually('The event, sent again', () => twice(ctx, id));
  const [first, second] = records as [TopicRecord, TopicRecord];
  requireHit(second.epoch > first.epoch, 'it was sent again under the same epoch');
  requireHit(second.sequence === first.sequence, 'it was sent again under another number');
  await eventually('A duplicate', async () => (await countOutcome(ctx, 'duplicate')) > duplicatesBefore);
  return `${relay} had sent it under epoch ${first.epoch}; on the topic again under ${second.epoch}, counted as a duplicate`;
};

async function twice({ stand }: WindowContext, id: string | undefined): Promise<TopicRecord[] | undefined> {
  const records = (await readTopic(stand.kafka.brokers)).filter(({ aggregateId }) => aggregateId === id);
  return records.length > 1 ? records : undefined;
}
