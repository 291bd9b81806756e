import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands } from '#contracts/tariff.ts';
import { readPages } from '../protocols/read-pages.ts';
import { readShape } from '../protocols/read-shape.ts';
import { callSoap, elements } from '../protocols/soap.ts';
import type { CollectedTariff, Insurer, InsurerContext } from './insurer.ts';
import { coefficients } from './reading/coefficients.ts';
import { everyRow } from './reading/every-row.ts';
import { factor } from './reading/factor.ts';
import { moscowDayMs } from './reading/moscow-day.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';
import { whole } from './reading/whole.ts';

const NAMESPACE = 'urn:ural-garant:tariffs:1';
const PAGE_SIZE = 50;

const VehicleClass = rowOf({
  A: '1',
  'B-UL': '2.1',
  'B-FL': '2.2',
  'B-TAXI': '2.3',
  'C-16': '3.1',
  'C-16P': '3.2',
  D1: '4.1',
  D: '4.2',
  'D-REG': '4.3',
  TB: '5',
  TM: '6',
  SPEC: '7',
});

const Kopecks = z
  .string()
  .regex(/^[1-9]\d{0,11}$/, 'must be whole kopecks')
  .transform(Number);

/** Per mille with at most one place, as basis points. */
const PerMille = z
  .string()
  .regex(/^\d{1,4}(\.\d)?$/, 'must be per mille with at most one place')
  .transform((text) => Number(text.includes('.') ? text.replace('.', '') : `${text}0`))
  .pipe(RateBps);

const PAGE = { Edition: z.string().min(1).max(64), CommissionPerMille: PerMille, Offset: whole, Total: whole };

/** `ValidUntil` is the first day on which the rate no longer holds. */
const Rate = z
  .object({
    '@class': VehicleClass,
    BaseRate: z.object({ '@unit': z.literal('kopeck'), '#text': Kopecks }),
    ValidFrom: z.iso.date().transform(moscowDayMs),
    ValidUntil: z.iso.date().transform(moscowDayMs).optional(),
  })
  .transform((rate) => ({
    row: rate['@class'],
    baseRateMinor: rate.BaseRate['#text'],
    fromMs: rate.ValidFrom,
    untilMs: rate.ValidUntil ?? null,
  }));

/** Of a code, or of a range with both ends inside. */
const Coefficient = z
  .object({
    '@table': z.string(),
    Code: z.string().optional(),
    From: whole.optional(),
    To: whole.optional(),
    Value: factor('.'),
  })
  .transform((row) => ({ table: row['@table'], code: row.Code, from: row.From, to: row.To, factor: row.Value }));

const TariffsAnswer = z
  .object({ ...PAGE, Rate: elements(Rate) })
  .transform(({ Rate: rows, ...head }) => pageOf(head, rows));

const CoefficientsAnswer = z.discriminatedUnion('Status', [
  z
    .object({ ...PAGE, Status: z.literal('ON_SALE'), Terms: z.unknown(), Coefficient: elements(Coefficient) })
    .transform(({ Coefficient: rows, ...head }) => ({ ...pageOf(head, rows), terms: head.Terms })),
  z
    .object({
      Edition: PAGE.Edition,
      Status: z.literal('WITHDRAWN'),
      CommissionPerMille: z.never().optional(),
      Terms: z.never().optional(),
      Coefficient: z.never().optional(),
    })
    .transform(({ Edition }) => ({ edition: Edition, next: undefined, rows: undefined })),
]);

function pageOf<Row>(head: z.output<z.ZodObject<typeof PAGE>>, rows: Row[]) {
  const end = head.Offset + rows.length;
  const next = end < head.Total ? String(end) : undefined;
  return { edition: head.Edition, next, total: head.Total, commissionRateBps: head.CommissionPerMille, rows };
}

/** Ranges follow one another from 0 without a hole; `unit` of them is one of the contract's. */
const ranges = (unit = 1) =>
  z
    .array(z.object({ from: z.int(), to: z.int(), factor: z.string() }))
    .transform((rows, ctx) =>
      rows.map(({ from, to, factor }, index) => {
        const before = rows[index - 1];
        if (from !== (before === undefined ? 0 : before.to + 1)) {
          ctx.addIssue({ code: 'custom', path: [index, 'from'], message: 'must begin where the range before ends' });
        }
        return { upTo: to / unit, factor };
      }),
    )
    .pipe(Bands);

const AnnualRate = z
  .object({
    '@of': z.string(),
    '@unit': z.literal('kopecks-for-1000-roubles'),
    '#text': factor('.', { shift: 2 }),
  })
  .transform((rate) => ({ code: rate['@of'], factor: rate['#text'] }));

const MinSum = z.object({ '@unit': z.literal('kopeck'), '#text': Kopecks }).transform((sum) => sum['#text'] / 100);

const YES_NO = { YES: 'yes', NO: 'no' } as const;

const Property = z
  .strictObject({
    Terms: z.object({
      AnnualRate: elements(AnnualRate).pipe(coefficients({ FLAT: 'flat', HOUSE: 'house' })),
      MinSum: MinSum.pipe(z.int('must be whole roubles')),
    }),
    MATERIAL: coefficients({ BRICK: 'brick', CONCRETE: 'concrete', WOOD: 'wood' }),
    USE: coefficients({ OWN: 'own', RENTED: 'rented' }),
    ALARM: coefficients(YES_NO),
    BUILDING_AGE: ranges(),
    SUM: ranges(100),
    MONTHS: ranges(),
  })
  .transform(({ Terms, ...tables }) => ({
    ratePerMille: Terms.AnnualRate,
    material: tables.MATERIAL,
    use: tables.USE,
    alarm: tables.ALARM,
    buildingAge: tables.BUILDING_AGE,
    sumInsured: tables.SUM,
    minSumInsured: Terms.MinSum,
    months: tables.MONTHS,
  }));

const Life = z
  .strictObject({
    Terms: z.object({
      AnnualRate: AnnualRate.refine(({ code }) => code === 'PERSON', 'must be of a person'),
      MaxAgeAtEnd: whole.pipe(z.int().positive()),
    }),
    AGE: ranges(),
    SEX: coefficients({ FEMALE: 'female', MALE: 'male' }),
    SMOKER: coefficients(YES_NO),
    OCCUPATION: coefficients({ OFFICE: 'office', MANUAL: 'manual', HAZARDOUS: 'hazardous' }),
    YEARS: ranges(),
    SUM: ranges(100),
  })
  .transform(({ Terms, ...tables }) => ({
    ratePerMille: Terms.AnnualRate.factor,
    age: tables.AGE,
    sex: tables.SEX,
    smoker: tables.SMOKER,
    occupation: tables.OCCUPATION,
    years: tables.YEARS,
    sumInsured: tables.SUM,
    maxAgeAtEnd: Terms.MaxAgeAtEnd,
  }));

interface Service {
  ctx: InsurerContext;
  url: string;
}

async function readOsago(service: Service): Promise<CollectedTariff> {
  const pages = await readPages((offset) =>
    call(service, { operation: 'GetTariffs', product: 'OSAGO', offset, schema: TariffsAnswer }),
  );
  const [{ commissionRateBps }] = pages;
  return osagoTariff(everyRow(pages), { commissionRateBps, now: service.ctx.now() });
}

/** The product's commission and terms, or nothing when it is withdrawn. */
async function readProduct<Schema extends z.ZodType>(
  service: Service,
  { product, schema }: { product: string; schema: Schema },
): Promise<{ commissionRateBps: number; terms: z.output<Schema> } | undefined> {
  const pages = await readPages((offset) =>
    call(service, { operation: 'GetCoefficients', product, offset, schema: CoefficientsAnswer }),
  );
  const sold = pages.filter((page) => page.rows !== undefined);
  const [first] = sold;
  if (first === undefined) return undefined;
  const tables = Object.groupBy(everyRow(sold), ({ table }) => table);
  const terms = readShape(schema, { ...tables, Terms: first.terms });
  return { commissionRateBps: first.commissionRateBps, terms };
}

function call<Schema extends z.ZodType>(
  { ctx, url }: Service,
  ask: { operation: string; product: string; offset: string | undefined; schema: Schema },
) {
  return callSoap(ctx, {
    url,
    action: `${NAMESPACE}#${ask.operation}`,
    body: `<${ask.operation} xmlns="${NAMESPACE}"><Product>${ask.product}</Product><Offset>${ask.offset ?? 0}</Offset><Limit>${PAGE_SIZE}</Limit></${ask.operation}>`,
    namespace: NAMESPACE,
    answer: `${ask.operation}Response`,
    schema: ask.schema,
  });
}

export default {
  id: 'ural',
  protocol: 'soap',
  async collect(ctx, baseUrl) {
    const service = { ctx, url: `${baseUrl}/ws/TariffService` };
    const osago = await readOsago(service);
    const property = await readProduct(service, { product: 'PROPERTY', schema: Property });
    const life = await readProduct(service, { product: 'LIFE', schema: Life });
    return [
      osago,
      ...(property ? [{ product: 'property' as const, ...property }] : []),
      ...(life ? [{ product: 'life' as const, ...life }] : []),
    ];
  },
} satisfies Insurer;
