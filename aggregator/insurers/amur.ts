import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands, PropertyTerms, TravelTerms } from '#contracts/tariff.ts';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import { getJson } from '../protocols/rest.ts';
import type { Insurer, InsurerContext } from './insurer.ts';
import { codedRecord } from './reading/coded-record.ts';
import { factor } from './reading/factor.ts';
import { hundredths } from './reading/hundredths.ts';
import { moscowDayMs } from './reading/moscow-day.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';

const Vehicle = rowOf({
  motorcycle: '1',
  carOfCompany: '2.1',
  carOfPerson: '2.2',
  taxi: '2.3',
  lorryLight: '3.1',
  lorryHeavy: '3.2',
  minibus: '4.1',
  bus: '4.2',
  busOnRoute: '4.3',
  trolleybus: '5',
  tram: '6',
  tractor: '7',
});

const Revision = z.string().min(1).max(64);
const Open = z.object({ state: z.literal('OPEN'), revision: Revision });
const OpenOrClosed = z.discriminatedUnion('state', [Open, z.object({ state: z.literal('CLOSED') })]);

/** Every product is listed, one that is no longer sold as CLOSED. */
const Index = z.object({ documents: z.object({ OSAGO: Open, TRAVEL: OpenOrClosed, PROPERTY: OpenOrClosed }) });

const Money = z
  .object({ rub: z.int().nonnegative().max(999_999_999), kop: z.int().min(0).max(99) })
  .transform(({ rub, kop }) => rub * 100 + kop)
  .pipe(z.int().positive());

const PercentDigits = z
  .string()
  .regex(/^[\d.]+%$/, 'must be per cent, with its sign')
  .transform((text) => text.slice(0, -1));
const Percent = PercentDigits.pipe(factor('.', { shift: 2 }));

/** The year, month and day as one number; 99991231 stands for no end. */
const Day = z
  .int()
  .transform((digits) => String(digits).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'))
  .pipe(z.iso.date())
  .transform(moscowDayMs);

/** Steps by their lower bounds; `most` is the limit, included. */
const Scale = z
  .object({ steps: z.array(z.object({ from: z.int(), factor: Percent })), most: z.int() })
  .refine(({ steps }) => steps[0]?.from === 0, { path: ['steps'], message: 'steps must begin at 0' })
  .transform(({ steps, most }) =>
    steps.map((step, index) => ({ upTo: (steps[index + 1]?.from ?? most + 1) - 1, factor: step.factor })),
  )
  .pipe(Bands);

const table = <Value extends string>(codes: Readonly<Record<string, Value>>) => codedRecord(codes, Percent);

const documentOf = <Product extends string, Shape extends z.ZodRawShape>(product: Product, shape: Shape) =>
  z.object({
    product: z.literal(product),
    revision: Revision,
    agentShare: PercentDigits.pipe(hundredths('.')).pipe(RateBps),
    ...shape,
  });

/** `till` is the first day without the rate. */
const OsagoDocument = documentOf('OSAGO', {
  vehicles: z
    .array(
      z
        .object({ kind: Vehicle, base: Money, since: Day, till: Day })
        .transform(({ kind, base, since, till }) => ({ row: kind, baseRateMinor: base, fromMs: since, untilMs: till })),
    )
    .max(1000),
});

const TravelDocument = documentOf('TRAVEL', {
  perDay: Money.pipe(TravelTerms.shape.dailyRateMinor),
  zone: table({ CIS: 'cis', EU: 'schengen', ASIA: 'asia', ALL: 'world', ALL_USA: 'usa-canada' }),
  coverEur: table({ '30K': '30000', '50K': '50000', '100K': '100000' }),
  leisure: table({ CALM: 'none', ACTIVE: 'sport', RISKY: 'extreme' }),
  age: Scale,
  days: Scale,
});

const PropertyDocument = documentOf('PROPERTY', {
  /** Roubles a year for 100,000 of the sum insured: hundredths of a per mille. */
  per100k: codedRecord({ FLAT: 'flat', HOUSE: 'house' }, factor('.', { shift: 2 })),
  walls: table({ BRICK: 'brick', PANEL: 'concrete', WOOD: 'wood' }),
  tenancy: table({ OWNER: 'own', LET: 'rented' }),
  guarded: table({ Y: 'yes', N: 'no' }),
  buildingAge: Scale,
  sumRub: Scale,
  leastSumRub: PropertyTerms.shape.minSumInsured,
  months: Scale,
});

/** A document of the revision that the list named: another is of a moment that the rest is not of. */
async function readDocument<Document extends { revision: string }>(
  ctx: InsurerContext,
  { url, revision, schema }: { url: string; revision: string; schema: z.ZodType<Document> },
): Promise<Document> {
  const document = await getJson(ctx, { url, schema });
  if (document.revision === revision) return document;
  throw new InsurerReplyError('paging', 'the document is of another revision than the list says');
}

async function collectOsago(ctx: InsurerContext, from: { url: string; revision: string }) {
  const { agentShare, vehicles } = await readDocument(ctx, { ...from, schema: OsagoDocument });
  return osagoTariff(vehicles, { commissionRateBps: agentShare, now: ctx.now() });
}

async function collectTravel(ctx: InsurerContext, from: { url: string; revision: string }) {
  const document = await readDocument(ctx, { ...from, schema: TravelDocument });
  return {
    product: 'travel' as const,
    commissionRateBps: document.agentShare,
    terms: {
      dailyRateMinor: document.perDay,
      territory: document.zone,
      sumInsuredEur: document.coverEur,
      activity: document.leisure,
      age: document.age,
      days: document.days,
    },
  };
}

async function collectProperty(ctx: InsurerContext, from: { url: string; revision: string }) {
  const document = await readDocument(ctx, { ...from, schema: PropertyDocument });
  return {
    product: 'property' as const,
    commissionRateBps: document.agentShare,
    terms: {
      ratePerMille: document.per100k,
      material: document.walls,
      use: document.tenancy,
      alarm: document.guarded,
      buildingAge: document.buildingAge,
      sumInsured: document.sumRub,
      minSumInsured: document.leastSumRub,
      months: document.months,
    },
  };
}

export default {
  id: 'amur',
  protocol: 'rest',
  async collect(ctx, baseUrl) {
    const at = (name: string) => `${baseUrl}/tariffs/${name}.json`;
    const { OSAGO, TRAVEL, PROPERTY } = (await getJson(ctx, { url: at('index'), schema: Index })).documents;
    const osago = await collectOsago(ctx, { url: at('osago'), ...OSAGO });
    const travel = TRAVEL.state === 'CLOSED' ? [] : [await collectTravel(ctx, { url: at('travel'), ...TRAVEL })];
    const property =
      PROPERTY.state === 'CLOSED' ? [] : [await collectProperty(ctx, { url: at('property'), ...PROPERTY })];
    return [osago, ...travel, ...property];
  },
} satisfies Insurer;
