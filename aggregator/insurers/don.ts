import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands, Factor, PropertyTerms } from '#contracts/tariff.ts';
import { readPages } from '../protocols/read-pages.ts';
import { getJson } from '../protocols/rest.ts';
import type { CollectedTariff, Insurer, InsurerContext } from './insurer.ts';
import { codedRecord } from './reading/coded-record.ts';
import { everyRow } from './reading/every-row.ts';
import { DAY_MS, moscowDayMs } from './reading/moscow-day.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';

const LIMIT = 50;
const ROUBLE_KOPECKS = 100;

const VehicleClass = rowOf({
  L: '1',
  'M1-C': '2.1',
  'M1-P': '2.2',
  'M1-T': '2.3',
  'N-LE16': '3.1',
  'N-GT16': '3.2',
  M2: '4.1',
  M3: '4.2',
  'M3-R': '4.3',
  TRB: '5',
  TRM: '6',
  SPT: '7',
});

/** Ten-thousandths as a decimal. Exact: a double prints up to 15 digits as they were. */
const TenThousandths = z
  .int()
  .transform((units) => String(units / 10_000))
  .pipe(Factor);

/** ISO 8601 days, both included; `..` is an open end. */
const Period = z
  .string()
  .transform((text, ctx) => {
    const [first, last, ...rest] = text.split('/');
    if (last !== undefined && rest.length === 0) return { first, last: last === '..' ? null : last };
    ctx.addIssue('must be a period, yyyy-mm-dd/yyyy-mm-dd');
    return z.NEVER;
  })
  .pipe(z.object({ first: z.iso.date().transform(moscowDayMs), last: z.iso.date().transform(moscowDayMs).nullable() }));

const Item = z
  .object({ class: VehicleClass, base_kopecks: z.int().positive(), period: Period })
  .transform(({ class: row, base_kopecks, period }) => ({
    row,
    baseRateMinor: base_kopecks,
    fromMs: period.first,
    untilMs: period.last === null ? null : period.last + DAY_MS,
  }));

const mtplPage = (asked: number) =>
  z
    .object({
      product: z.literal('mtpl'),
      revision: z.string().min(1).max(64),
      agent_fee_bp: RateBps,
      page: z.object({ offset: z.literal(asked), total: z.int().nonnegative() }),
      items: z.array(Item).max(1000),
    })
    .transform(({ revision, agent_fee_bp, page: { offset, total }, items }) => ({
      edition: revision,
      next: offset + items.length < total ? String(offset + items.length) : undefined,
      total,
      rows: items,
      commissionRateBps: agent_fee_bp,
    }));

const coded = <Value extends string>(codes: Readonly<Record<string, Value>>) => codedRecord(codes, TenThousandths);

const WholeRoubles = z
  .int()
  .multipleOf(ROUBLE_KOPECKS)
  .transform((kopecks) => kopecks / ROUBLE_KOPECKS);

/** Both ends are included: each range must begin one unit above the end of the one before, the first at 0. */
const ranges = (bound: z.ZodType<number>) =>
  z
    .array(z.object({ from: bound, to: bound, factor_e4: TenThousandths }))
    .refine((list) => list.every(({ from }, index) => from === (index === 0 ? 0 : (list[index - 1]?.to ?? 0) + 1)), {
      message: 'ranges must begin at 0 and follow one another without a gap',
    })
    .transform((list) => list.map(({ to, factor_e4 }) => ({ upTo: to, factor: factor_e4 })))
    .pipe(Bands);

const PropertyTariff = z
  .object({
    agent_fee_bp: RateBps,
    annual_rate_e7: coded({ flat: 'flat', house: 'house' }),
    walls_e4: coded({ brick: 'brick', concrete: 'concrete', timber: 'wood' }),
    occupied_by_e4: coded({ owner: 'own', tenant: 'rented' }),
    alarm_e4: coded({ armed: 'yes', none: 'no' }),
    building_years: ranges(z.int()),
    sum_kopecks: ranges(WholeRoubles),
    min_sum_kopecks: WholeRoubles.pipe(PropertyTerms.shape.minSumInsured),
    term_months: ranges(z.int()),
  })
  .transform((tariff) => ({
    commissionRateBps: tariff.agent_fee_bp,
    terms: {
      // A share of the sum insured x 10,000,000 is ten-thousandths of a per mille.
      ratePerMille: tariff.annual_rate_e7,
      material: tariff.walls_e4,
      use: tariff.occupied_by_e4,
      alarm: tariff.alarm_e4,
      buildingAge: tariff.building_years,
      sumInsured: tariff.sum_kopecks,
      minSumInsured: tariff.min_sum_kopecks,
      months: tariff.term_months,
    },
  }));

/** `tariff` is null, never left out, when the product is no longer sold. */
const PropertyAnswer = z.object({ product: z.literal('property'), tariff: PropertyTariff.nullable() });

async function collectOsago(ctx: InsurerContext, url: string): Promise<CollectedTariff> {
  const pages = await readPages((offset = '0') =>
    getJson(ctx, { url: `${url}/mtpl?offset=${offset}&limit=${LIMIT}`, schema: mtplPage(Number(offset)) }),
  );
  const [{ commissionRateBps }] = pages;
  return osagoTariff(everyRow(pages), { commissionRateBps, now: ctx.now() });
}

async function collectProperty(ctx: InsurerContext, url: string): Promise<CollectedTariff[]> {
  const { product, tariff } = await getJson(ctx, { url: `${url}/property`, schema: PropertyAnswer });
  return tariff === null ? [] : [{ product, ...tariff }];
}

export default {
  id: 'don',
  protocol: 'rest',
  async collect(ctx, baseUrl) {
    const url = `${baseUrl}/v2/tariffs`;
    return [await collectOsago(ctx, url), ...(await collectProperty(ctx, url))];
  },
} satisfies Insurer;
