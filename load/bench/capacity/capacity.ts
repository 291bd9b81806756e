import type { Bench, BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { kneeFigure, PREMIUM } from './figure-names.ts';
import { CORES, KINDS, type KindName } from './kinds.ts';
import { type Knee, type Market, measureKnee } from './measure-knee.ts';
import { PARTS, startRegion } from './region.ts';
import { requireBooked } from './require-booked.ts';
import { startCrowd } from './start-crowd.ts';
import type { Step } from './step.ts';

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
  return [
    ...(Object.keys(KINDS) as KindName[]).flatMap((kind) => figuresOf(kind, found[kind])),
    { figure: 'policies that were acknowledged, all in the ledger', unit: '', values: [sales.policies.length] },
    { figure: PREMIUM, unit: 'RUB', values: [premiumRoubles] },
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

function figuresOf(kind: KindName, knees: Knees): Figure[] {
  return Object.entries(knees).flatMap(([cores, found]) => {
    const name = (of: Parameters<typeof kneeFigure>[2]) => kneeFigure(kind, Number(cores), of);
    return [
      { figure: name('searches'), unit: '1/s', values: found.map(({ rate }) => rate) },
      ...(KINDS[kind].buyShare > 0
        ? [{ figure: name('policies'), unit: '1/s', values: found.map(({ policies }) => policies) }]
        : []),
      ...([...PARTS, 'crowd'] as const).map((part) => ({
        figure: name(part),
        unit: 'us of a core',
        values: found.map(({ us }) => us[part]),
      })),
    ];
  });
}
