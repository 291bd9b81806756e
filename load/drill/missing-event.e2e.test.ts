import { expect, it } from 'vitest';
import { seeded } from '../bench/seeded.ts';
import { startRegion } from './missing-event-region.ts';

const [PARTITION, OTHER] = [3, 4];

it('D9 an event deleted from the stream is noticed by its gap: with the next of its partition, which waits; others go on; a replay heals it', async () => {
  const told: string[] = [];
  const hear = ({ level, msg, partition }: { level: string; msg: string; partition?: number }) => {
    if (partition !== undefined) told.push(`${level}: ${msg} ${partition}`);
  };
  await using region = await startRegion({ random: seeded(1), hear });
  const begun = new Date();
  const sell = async (partition: number) => {
    await region.sell(partition);
    await region.drained();
    return region.sold.at(-1)?.eventId ?? '';
  };
  const booked = [await sell(PARTITION), await sell(PARTITION), await sell(OTHER)];

  const dropped = region.dropNext();
  const deleted = await sell(PARTITION);
  expect(await dropped).toMatchObject({ eventId: deleted, partition: PARTITION });
  // The last of its partition as yet: nothing that came says that it is missing.
  expect([await region.stopped(), told]).toEqual([[], []]);
  expect(await region.booked()).toEqual(booked.toSorted());

  const behind = await sell(PARTITION);
  expect(await region.stopped()).toEqual([`${PARTITION} gap`]);
  expect(told).toEqual([`error: partition stopped ${PARTITION}`]);
  booked.push(await sell(OTHER));
  expect(await region.booked()).toEqual(booked.toSorted());

  await region.replay(PARTITION, begun);
  await region.drained();
  expect(await region.stopped()).toEqual([]);
  expect(told).toEqual([`error: partition stopped ${PARTITION}`, `info: partition goes on ${PARTITION}`]);
  expect(await region.booked()).toEqual([...booked, deleted, behind].toSorted());
});
