import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { freePort } from '../../local/free-port.ts';
import { seeded } from '../bench/seeded.ts';
import { type Acknowledgements, openAcknowledgements } from './acknowledgements.ts';
import type { DrillContext, Outcome } from './drill.ts';
import { CORE_PORTS } from './plan-region.ts';
import { type Market, openMarket } from './shop-around.ts';
import { type Stand, startStand } from './stand.ts';
import { booksOf, reachVerdict } from './verdict.ts';

export interface RegionsOptions {
  readonly intents: number;
  readonly seed: number;
}

const NAMES = ['msk', 'nsk'] as const;
const PER_SECOND = 25;
/** A whole region, database and all, is killed about this often, ms. */
const KILL_EVERY_MS = 3_000;

/** Intents tried in random regions while regions are killed and come back: each is sold once, at home. */
export async function regions(ctx: DrillContext, { intents, seed }: RegionsOptions): Promise<Outcome> {
  const ports = [await freePort(CORE_PORTS), await freePort(CORE_PORTS)];
  const homes = NAMES.map((name, index) => `${name}=http://127.0.0.1:${ports[index]}`).join(',');
  await using stack = new AsyncDisposableStack();
  const stands: Stand[] = [];
  for (const [index, region] of NAMES.entries()) {
    const corePort = ports[index] as number;
    stands.push(stack.use(await startStand({ region, kafka: false, homes, corePort })));
  }
  const books = stands.map(({ dir }) => openAcknowledgements(join(dir, 'acknowledgements.jsonl')));
  const market = await openMarket({ stands, books, random: seeded(seed), signal: ctx.signal });
  const stopped = new AbortController();
  const [kills] = await Promise.all([
    killRegions(ctx, stands, { random: seeded(seed + 1), until: AbortSignal.any([ctx.signal, stopped.signal]) }),
    sellAll(ctx, market, intents).finally(() => stopped.abort()),
  ]);
  await Promise.all(stands.map((stand) => stand.raise()));
  return await reachOutcome({ stands, books, market, kills });
}

async function sellAll({ signal, say }: DrillContext, market: Market, intents: number): Promise<void> {
  const sales: Promise<void>[] = [];
  for (let sale = 1; sale <= intents; sale += 1) {
    await timer(1_000 / PER_SECOND, undefined, { signal });
    sales.push(market.carryOut(market.want()));
    sales.at(-1)?.catch(() => undefined);
    if (sale % 250 === 0) say(`${sale} of ${intents} intents`);
  }
  await Promise.all(sales);
}

async function killRegions(
  { say }: DrillContext,
  stands: readonly Stand[],
  { random, until }: { random: () => number; until: AbortSignal },
): Promise<number> {
  let kills = 0;
  while (!until.aborted) {
    await timer(KILL_EVERY_MS * random(), undefined, { signal: until }).catch(() => undefined);
    if (until.aborted) break;
    const stand = stands[Math.floor(random() * stands.length)] as Stand;
    await Promise.all(stand.members.map((member) => member.kill()));
    kills += 1;
    say(`region ${stand.plan.name} was killed`);
    await timer(KILL_EVERY_MS * 0.3 * random(), undefined, { signal: until }).catch(() => undefined);
    await stand.raise();
  }
  return kills;
}

interface Ended {
  readonly stands: readonly Stand[];
  readonly books: readonly Acknowledgements[];
  readonly market: Market;
  readonly kills: number;
}

async function reachOutcome({ stands, books, market, kills }: Ended): Promise<Outcome> {
  const verdicts = [];
  for (const [index, stand] of stands.entries()) {
    const homed = market.intents.filter(({ home }) => home === stand.plan.name);
    const acknowledged = (await books[index]?.read()) ?? [];
    verdicts.push({ name: stand.plan.name, ...(await reachVerdict(stand, booksOf(homed, acknowledged))) });
  }
  return {
    faults: verdicts.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`)),
    lines: [
      ['kills of a whole region', kills],
      ['refused with 421 and home', market.refused()],
      ['attempts without an answer, or 5xx', market.failures()],
      ...verdicts.flatMap(({ name, lines }) => lines.map(([what, value]) => [`${name}: ${what}`, value] as const)),
    ],
  };
}
