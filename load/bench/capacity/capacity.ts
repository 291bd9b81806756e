import type { Bench, BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { median } from '../median.ts';
import { CORES, FRESH_SHARE, KINDS, type KindName } from './kinds.ts';
import { type Knee, type Market, measureKnee } from './measure-knee.ts';
import { PARTS, type Part, startRegion } from './region.ts';
import { requireBooked } from './require-booked.ts';
import { sayCapacity } from './say-capacity.ts';
import { startCrowd } from './start-crowd.ts';
import type { Step } from './step.ts';
import type { Costs } from './sums.ts';

const ROUNDS = 3;
const GATE =
  'no answer is about another risk, one quote in a hundred is right to the kopeck, every policy that was acknowledged is in the ledger';
/** Compiled code takes a while: nothing is measured before. */
const WARM_UP = { ...KINDS.sales, searchesPerSecond: 60, purchasesPerSecond: 0, seconds: 12 };

type Cores = 1 | 2;
type Knees = Partial<Record<Cores, Knee[]>>;

/**
 * What a whole region bears on this machine: edge on Node, core, settlement, Kafka, Postgres with fsync and the store's
 * stand-in, with who asks beside them on the same processors. The highest rate, all arriving at an even pace, at which
 * `criterion.ts` is kept. Needs what Kafka needs, and Linux.
 */
export const capacity: Bench = async (ctx) => {
  if (process.platform !== 'linux') throw new Error('Capacity is measured on Linux: processor time is read in /proc');
  ctx.say('capacity: a region is started');
  await using region = await startRegion({ kafka: true });
  await using crowd = await startCrowd({ signal: ctx.signal });
  const sales = { policies: [] as string[], premiumMinor: 0 };
  const sold = ({ policies, premiumMinor }: Step) => {
    sales.policies.push(...policies);
    sales.premiumMinor += premiumMinor;
  };
  const market: Market = { region, crowd, sold };
  ctx.say('capacity: warming up');
  await region.scale(2);
  sold((await crowd.carryOut({ port: region.port, keys: region.keys, ...WARM_UP })) as Step);
  const found = {} as Record<KindName, Knees>;
  for (const kind of Object.keys(KINDS) as KindName[]) found[kind] = await measureKind(ctx, market, kind);
  await requireBooked(region, sales.policies);
  const premiumRoubles = sales.premiumMinor / sales.policies.length / 100;
  for (const line of readmeOf(found, premiumRoubles)) ctx.say(line);
  return [
    ...(Object.keys(KINDS) as KindName[]).flatMap((kind) => figuresOf(kind, found[kind])),
    { figure: 'policies that were acknowledged, all in the ledger', unit: '', values: [sales.policies.length] },
    { figure: 'premium of a policy', unit: 'RUB', values: [premiumRoubles] },
  ].map((figure) => ({ ...figure, gate: GATE }));
};

/** One core process and two in turn. */
async function measureKind(ctx: BenchContext, market: Market, kind: KindName): Promise<Knees> {
  const last: Partial<Record<Cores, number>> = {};
  const withCores = (cores: Cores) => async () => {
    await market.region.scale(cores);
    const knee = await measureKnee(ctx, market, { kind, last: last[cores] });
    last[cores] = knee.rate;
    return knee;
  };
  const states = Object.fromEntries(CORES[kind].map((cores) => [`${cores}`, withCores(cores)]));
  const found = await interleave(ctx, { what: kind, rounds: ctx.rounds ?? ROUNDS, states });
  return Object.fromEntries(CORES[kind].map((cores) => [cores, found[`${cores}`] as Knee[]])) as Knees;
}

const coresOf = (cores: string) => (cores === '1' ? '1 core process' : `${cores} core processes`);

function figuresOf(kind: KindName, knees: Knees): Figure[] {
  return Object.entries(knees).flatMap(([cores, found]) => [
    { figure: `${kind}, ${coresOf(cores)}: searches`, unit: '1/s', values: found.map(({ rate }) => rate) },
    ...(KINDS[kind].buyShare > 0
      ? [{ figure: `${kind}, ${coresOf(cores)}: policies`, unit: '1/s', values: found.map(({ policies }) => policies) }]
      : []),
    ...([...PARTS, 'crowd'] as const).map((part) => ({
      figure: `${kind}, ${coresOf(cores)}: ${part === 'crowd' ? 'who asks' : part}, a search`,
      unit: 'us of a core',
      values: found.map(({ us }) => us[part]),
    })),
  ]);
}

/** A search of the mix is a new quote or a cached one; a policy is a sale without its quote. */
function readmeOf(found: Record<KindName, Knees>, premiumRoubles: number): string[] {
  const us = (kind: KindName, part: Part) => median((found[kind][1] ?? []).map((knee) => knee.us[part]));
  const costs = Object.fromEntries(
    PARTS.map((part) => {
      const [fresh, cached] = [us('new quotes', part), us('cached quotes', part)];
      const search = FRESH_SHARE * fresh + (1 - FRESH_SHARE) * cached;
      return [part, { search, policy: Math.max(0, us('sales', part) - fresh) }];
    }),
  ) as unknown as Costs;
  const demandOf = (knees: readonly Knee[] = []) => ({
    searches: median(knees.map(({ rate }) => rate)),
    policies: median(knees.map(({ policies }) => policies)),
  });
  return sayCapacity({ knees: { 1: demandOf(found.mix[1]), 2: demandOf(found.mix[2]) }, costs, premiumRoubles });
}
