import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { eventsPerSecond, openBooks, type Take } from './books.ts';
import { BATCH, BOOKED, PARTITIONS } from './handed-over.ts';
import { takeNaively } from './naive.ts';
import type { Database, Stand } from './stand.ts';
import { type Amount, createStream } from './stream.ts';
import { requireBalances } from './tally.ts';

/** Of a measurement. Event by event is slow, so there are fewer. */
const AMOUNTS = {
  batches: { lanes: PARTITIONS, batches: 4, size: BATCH },
  events: { lanes: PARTITIONS, batches: 80, size: 1 },
  batchesOfOne: { lanes: 1, batches: 6, size: BATCH },
  eventsOfOne: { lanes: 1, batches: 240, size: 1 },
} as const satisfies Record<string, Amount>;

/** Settlement runs for weeks: what is measured is not how its code is compiled. */
const WARM_UPS = 3;

/** Events a second that are booked in batches, one by one by the same code, and the usual way. */
export async function booking(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  await using ours = await stand.open();
  await using theirs = await stand.open();
  const product = start(ours, openBooks(ours).take);
  const naive = start(theirs, takeNaively(theirs.sql));
  const { batches, events, batchesOfOne, eventsOfOne } = AMOUNTS;
  const states = {
    batches: () => product.book(batches),
    again: () => product.book(batches),
    events: () => product.book(events),
    naive: () => naive.book(events),
    batchesOfOne: () => product.book(batchesOfOne),
    eventsOfOne: () => product.book(eventsOfOne),
    naiveOfOne: () => naive.book(eventsOfOne),
  };
  ctx.say('settlement: booking: warming up');
  for (let warm = 0; warm < WARM_UPS; warm += 1)
    for (const state of [states.batches, states.events, states.naive]) await state();
  for (const { admin } of [ours, theirs]) await admin`vacuum analyze`;
  const found = await interleave(ctx, { what: 'settlement: booking', rounds: ROUNDS, states });
  for (const { admin } of [ours, theirs]) await requireBalances(admin);
  const control = 'A/A: batches / the same again';
  const { rate, ratio } = measured({ control, gate: BOOKED });
  return [
    rate(`events in batches of ${BATCH}, ${PARTITIONS} partitions`, found.batches),
    rate(`one by one, ${PARTITIONS} partitions`, found.events),
    rate(`the usual way, ${PARTITIONS} partitions`, found.naive),
    rate(`events in batches of ${BATCH}, 1 partition`, found.batchesOfOne),
    rate('one by one, 1 partition', found.eventsOfOne),
    rate('the usual way, 1 partition', found.naiveOfOne),
    ratio(`batches / one by one, ${PARTITIONS} partitions`, found.batches, found.events),
    ratio(`batches / the usual way, ${PARTITIONS} partitions`, found.batches, found.naive),
    ratio('batches / one by one, 1 partition', found.batchesOfOne, found.eventsOfOne),
    ratio('batches / the usual way, 1 partition', found.batchesOfOne, found.naiveOfOne),
    ratio(control, found.batches, found.again),
  ];
}

/** Books a stream of its own. */
function start(database: Database, take: Take) {
  const stream = createStream();
  return { book: (amount: Amount) => eventsPerSecond(database, { work: stream.next(amount), take }) };
}
