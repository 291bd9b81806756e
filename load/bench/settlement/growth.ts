import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { eventsPerSecond, openBooks, timeLanes } from './books.ts';
import { empty, fill, readSold } from './fill.ts';
import { BATCH, BOOKED, PARTITIONS } from './handed-over.ts';
import type { Database, Stand } from './stand.ts';
import { type Amount, createStream, type Stream } from './stream.ts';
import { requireBalances } from './tally.ts';

const FEW = 10_000;
const AMOUNT: Amount = { lanes: PARTITIONS, batches: 1, size: BATCH };
/** Small batches, so often that each connection has planned all it asks for good. */
const WARM_UP: Amount = { lanes: PARTITIONS, batches: 6, size: 5 };
/** Of the policies in the books, those that may be cancelled meanwhile. */
const SOLD = 12_000;

/** Events a second into a ledger of `entries`, and into one of a few, which has no more at the beginning of each round. */
export async function growth(
  ctx: BenchContext,
  { stand, grown, entries }: { stand: Stand; grown: Database; entries: number },
): Promise<Figure[]> {
  await using small = await stand.open();
  const books = { few: openBooks(small), many: openBooks(grown) };
  const old = createStream({ sold: await readSold(grown, SOLD) });
  const few = async () => {
    await empty(small);
    await fill(small, { entries: FEW, ...ctx });
    const stream = createStream({ sold: await readSold(small, SOLD) });
    return measure(small, { stream, take: books.few.take });
  };
  const many = () => measure(grown, { stream: old, take: books.many.take });
  ctx.say('settlement: growth: warming up');
  await few();
  await many();
  await grown.admin`checkpoint`;
  const found = await interleave(ctx, {
    what: 'settlement: growth',
    rounds: ROUNDS,
    states: { few, many, again: many },
  });
  for (const { admin } of [small, grown]) await requireBalances(admin);
  const control = `A/A: ${entries} entries / the same again`;
  const { rate, ratio } = measured({ control, gate: BOOKED });
  return [
    rate(`events, ${FEW} entries in the ledger`, found.few),
    rate(`events, ${entries} entries in the ledger`, found.many),
    ratio(`${entries} entries / ${FEW}`, found.many, found.few),
    ratio(control, found.many, found.again),
  ];
}

async function measure(
  database: Database,
  { stream, take }: { stream: Stream; take: ReturnType<typeof openBooks>['take'] },
): Promise<number> {
  await timeLanes(stream.next(WARM_UP), take);
  return eventsPerSecond(database, { work: stream.next(AMOUNT), take });
}
