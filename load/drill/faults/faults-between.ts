import { setTimeout as timer } from 'node:timers/promises';
import { missingForKafka } from '../../../local/kafka.ts';
import { seeded } from '../../bench/seeded.ts';
import type { DrillContext, Line, Outcome } from '../drill.ts';
import { booksOf, reachVerdict } from '../verdict.ts';
import { type Callers, startCallers } from './callers.ts';
import { judge } from './judge.ts';
import type { PlaceName, ToxicName } from './names.ts';
import { quotesAll } from './quotes-all.ts';
import { linesOf, metWith } from './report.ts';
import { runCase } from './run-case.ts';
import { REGION, type SpoilableRegion, startSpoilable } from './start-spoilable.ts';
import { SPOILINGS } from './toxics.ts';
import { missingForToxiproxy } from './toxiproxy.ts';

export interface FaultsOptions {
  readonly places: readonly PlaceName[];
  readonly toxics: readonly ToxicName[];
  /** Of each case, and of the time before them in which nothing is wrong. */
  readonly seconds: number;
  readonly seed: number;
  /** Which of them; without it, all. */
  readonly only?: (place: PlaceName, toxic: ToxicName) => boolean;
}

/** Every way between two parts of a region is bad in every manner, in turn, while people quote and buy. */
export async function faultsBetween(ctx: DrillContext, options: FaultsOptions): Promise<Outcome> {
  const missing = (await missingForKafka()) ?? (await missingForToxiproxy());
  if (missing) throw new Error(missing);
  const { places, toxics, seconds, seed, only = () => true } = options;
  await using region = await startSpoilable();
  await quotesAll(region, ctx.signal);
  await using callers = await startCallers({ ...region, random: seeded(seed), signal: ctx.signal });
  ctx.say(`${REGION}: ${seconds} s of nothing`);
  await timer(seconds * 1_000, undefined, { signal: ctx.signal });
  const lines: Line[] = [['nothing wrong', metWith(callers.met)]];
  const faults: string[] = [];
  for (const place of places) {
    for (const toxic of toxics.filter((name) => only(place, name))) {
      ctx.say(`${place} ${toxic}: ${SPOILINGS[toxic].told}`);
      const found = await runCase(ctx, { region, callers }, { place, toxic, seconds });
      const wrong = judge(found);
      for (const line of [...linesOf(found).map((cells) => cells.join(': ')), ...wrong]) ctx.say(`  ${line}`);
      lines.push(...linesOf(found));
      faults.push(...wrong);
    }
  }
  const books = await closeBooks(region, callers);
  return { lines: [...lines, ...books.lines], faults: [...faults, ...books.faults] };
}

/** All that callers were told is compared with tables, topic and ledger. */
async function closeBooks(region: SpoilableRegion, callers: Callers): Promise<Outcome> {
  await callers[Symbol.asyncDispose]();
  await callers.settle();
  const { asAdmin, brokers } = region;
  return reachVerdict({ asAdmin, kafka: { brokers }, members: [] }, booksOf(callers.intents, callers.acknowledged));
}
