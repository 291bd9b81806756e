import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { eventsPerSecond, openBooks } from './books.ts';
import { BATCH, PARTITIONS } from './handed-over.ts';
import type { Stand } from './stand.ts';
import { type Amount, createStream, underEpoch, type Work } from './stream.ts';
import { nothing, requireBalances } from './tally.ts';

const AMOUNT: Amount = { lanes: PARTITIONS, batches: 2, size: BATCH };

/** Events a second of batches that are booked, of the same handed over again, and of the same from a relay that took over. */
export async function replay(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  await using database = await stand.open();
  const books = openBooks(database);
  const stream = createStream();
  const again = async (work: Work) => {
    const before = await books.count('duplicate');
    const found = await eventsPerSecond(database, { work, take: books.take, wanted: nothing() });
    const duplicates = (await books.count('duplicate')) - before;
    if (duplicates !== work.events) throw new Error(`Wrong: of ${work.events} events ${duplicates} were known again`);
    return found;
  };
  // One after another: under a newer epoch the older one's are stale.
  const round = async (epoch: number) => {
    const work = underEpoch(stream.next(AMOUNT), epoch);
    const first = await eventsPerSecond(database, { work, take: books.take });
    return {
      first,
      same: await again(work),
      sameAgain: await again(work),
      newer: await again(underEpoch(work, epoch + 1)),
    };
  };
  ctx.say('settlement: replay: warming up');
  await round(1);
  await database.admin`vacuum analyze`;
  const { rounds } = await interleave(ctx, {
    what: 'settlement: replay',
    rounds: ROUNDS,
    states: { rounds: (n) => round(2 * (n + 1) + 1) },
  });
  await requireBalances(database.admin);
  const of = (what: 'first' | 'same' | 'sameAgain' | 'newer') => rounds.map((found) => found[what]);
  const control = 'A/A: again / once more';
  const { rate, ratio } = measured({ control, gate: 'each event is counted as a duplicate, and nothing has moved' });
  return [
    rate('events booked for the first time', of('first')),
    rate('all of them again', of('same')),
    rate('all of them again, under a newer epoch', of('newer')),
    ratio('again / first', of('same'), of('first')),
    ratio('again under a newer epoch / first', of('newer'), of('first')),
    ratio(control, of('same'), of('sameAgain')),
  ];
}
