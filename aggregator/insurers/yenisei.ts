import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands } from '#contracts/tariff.ts';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import { readShape } from '../protocols/read-shape.ts';
import { callSoap, elements } from '../protocols/soap.ts';
import type { Insurer, InsurerContext } from './insurer.ts';
import { coefficients } from './reading/coefficients.ts';
import { everyRow } from './reading/every-row.ts';
import { factor } from './reading/factor.ts';
import { hundredths } from './reading/hundredths.ts';
import { DAY_MS, moscowDayMs } from './reading/moscow-day.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';
import { whole } from './reading/whole.ts';

const NAMESPACE = 'https://b2b.yenisei-polis.example/pricelist/2024-10';

const VehicleTariff = rowOf({
  A: '1',
  B1: '2.1',
  B2: '2.2',
  B3: '2.3',
  C1: '3.1',
  C2: '3.2',
  D1: '4.1',
  D2: '4.2',
  D3: '4.3',
  E1: '5',
  E2: '6',
  F: '7',
});

/** yyyymmdd */
const Day = z
  .string()
  .regex(/^\d{8}$/, 'must be a date as yyyymmdd')
  .transform((text) => `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`)
  .pipe(z.iso.date())
  .transform(moscowDayMs);

/** `till` is the last day of the rate. */
const Line = z
  .object({
    '@tariff': VehicleTariff,
    '@rub': hundredths('.').pipe(z.int().positive()),
    '@since': Day,
    '@till': Day.optional(),
  })
  .transform((line) => ({
    row: line['@tariff'],
    baseRateMinor: line['@rub'],
    fromMs: line['@since'],
    untilMs: line['@till'] === undefined ? null : line['@till'] + DAY_MS,
  }));

const LIST = {
  '@list': z.string().min(1).max(64),
  '@commission': hundredths('.').pipe(RateBps),
  '@total': whole,
};

const OsagoPriceList = z.object({ ...LIST, line: elements(Line) });

const Percent = factor('.', { shift: 2 });

const LifeFactor = z
  .object({ '@group': z.string(), '@code': z.string(), '@percent': Percent })
  .transform((row) => ({ group: row['@group'], code: row['@code'], factor: row['@percent'] }));

const Threshold = z
  .object({
    '@group': z.string(),
    '@from': whole,
    '@percent': Percent.optional(),
    '@decline': z.literal('true').optional(),
  })
  .refine((row) => (row['@percent'] === undefined) === (row['@decline'] === 'true'), {
    path: ['@percent'],
    message: 'must be there, unless the threshold begins what is declined',
  })
  .transform((row) => ({ group: row['@group'], from: row['@from'], factor: row['@percent'] }));

const LifePriceList = z.discriminatedUnion('@onSale', [
  z.object({
    ...LIST,
    '@onSale': z.literal('true'),
    '@perMillion': factor('.', { shift: 3 }),
    '@ageAtEnd': whole.pipe(z.int().positive()),
    factor: elements(LifeFactor),
    threshold: elements(Threshold),
  }),
  z.object({
    '@list': LIST['@list'],
    '@onSale': z.literal('false'),
    '@total': z.never().optional(),
    '@perMillion': z.never().optional(),
    factor: z.never().optional(),
    threshold: z.never().optional(),
  }),
]);

/** Each threshold holds until the next, the first from 0; only the last, which has no factor, begins what is declined. */
const Thresholds = z
  .array(z.object({ from: z.int(), factor: z.string().optional() }))
  .transform((rows, ctx) =>
    rows.flatMap(({ from, factor: value }, index) => {
      const next = rows[index + 1];
      if (index === 0 && from !== 0) ctx.addIssue({ code: 'custom', path: [index, 'from'], message: 'must be 0' });
      if ((value === undefined) !== (next === undefined)) {
        ctx.addIssue({ code: 'custom', path: [index, 'percent'], message: 'only the last threshold declines' });
      }
      return value === undefined || next === undefined ? [] : { upTo: next.from - 1, factor: value };
    }),
  )
  .pipe(Bands);

const LifeGroups = z.strictObject({
  SEX: coefficients({ F: 'female', M: 'male' }),
  SMOKER: coefficients({ Y: 'yes', N: 'no' }),
  WORK: coefficients({ '1': 'office', '2': 'manual', '3': 'hazardous' }),
  AGE: Thresholds,
  TERM: Thresholds,
  SUM: Thresholds,
});

interface Service {
  ctx: InsurerContext;
  url: string;
}

function call<Schema extends z.ZodType>(
  { ctx, url }: Service,
  { operation, schema }: { operation: string; schema: Schema },
): Promise<z.output<Schema>> {
  return callSoap(ctx, {
    url,
    action: `${NAMESPACE}/IPriceList/${operation}`,
    body: `<${operation} xmlns="${NAMESPACE}" agent="insuretech"/>`,
    namespace: NAMESPACE,
    answer: `${operation}Response`,
    schema,
  });
}

function osagoOf(list: z.output<typeof OsagoPriceList>, now: Date) {
  const rates = everyRow([{ total: list['@total'], rows: list.line }]);
  return osagoTariff(rates, { commissionRateBps: list['@commission'], now });
}

function lifeOf(list: z.output<typeof LifePriceList>) {
  if (list['@onSale'] === 'false') return [];
  const rows = everyRow([{ total: list['@total'], rows: [...list.factor, ...list.threshold] }]);
  const groups = readShape(
    LifeGroups,
    Object.groupBy(rows, ({ group }) => group),
  );
  const terms = {
    ratePerMille: list['@perMillion'],
    age: groups.AGE,
    sex: groups.SEX,
    smoker: groups.SMOKER,
    occupation: groups.WORK,
    years: groups.TERM,
    sumInsured: groups.SUM,
    maxAgeAtEnd: list['@ageAtEnd'],
  };
  return [{ product: 'life' as const, commissionRateBps: list['@commission'], terms }];
}

export default {
  id: 'yenisei',
  protocol: 'soap',
  async collect(ctx, baseUrl) {
    const service = { ctx, url: `${baseUrl}/b2b/PriceList.svc` };
    const osago = await call(service, { operation: 'OsagoPriceList', schema: OsagoPriceList });
    const life = await call(service, { operation: 'LifePriceList', schema: LifePriceList });
    if (osago['@list'] !== life['@list']) {
      throw new InsurerReplyError('paging', 'the price list changed while it was read');
    }
    return [osagoOf(osago, ctx.now()), ...lifeOf(life)];
  },
} satisfies Insurer;
