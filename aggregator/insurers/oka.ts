import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands, PropertyTerms } from '#contracts/tariff.ts';
import { queryGraphql } from '../protocols/graphql.ts';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import { readPages } from '../protocols/read-pages.ts';
import type { Insurer } from './insurer.ts';
import { codedTable } from './reading/coded-table.ts';
import { factor } from './reading/factor.ts';
import { hundredths } from './reading/hundredths.ts';
import { moscowDayMs } from './reading/moscow-day.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';

/** All products come with each page of the motor rates; those off sale are null. */
const QUERY = `query PriceList($page: Int!) {
  revision: priceListRevision
  onSale: linesOnSale
  motor: avto(stranica: $page) {
    fee: agentFee
    number: pageNumber
    of: pageCount
    rows: entries { kind: vehicleKind price: thousands since: validSince before: validBefore }
  }
  home: imushchestvo {
    fee: agentFee
    premises: percents(by: POMESHCHENIE) { code value }
    walls: ratios(by: STENY) { code value }
    occupancy: ratios(by: PROZHIVANIE) { code value }
    alarm: ratios(by: SIGNALIZACIYA) { code value }
    buildingAge: steps(by: VOZRAST_ZDANIYA) { to value }
    sumInsured: sumSteps { to: toThousands value }
    least: leastThousands
    months: steps(by: MESYACY) { to value }
  }
}`;

const Kind = rowOf({
  MOTO: '1',
  LEGK_YUR: '2.1',
  LEGK_FIZ: '2.2',
  LEGK_TAKSI: '2.3',
  GRUZ_DO_16: '3.1',
  GRUZ_SVYSHE_16: '3.2',
  AVTOBUS_D1: '4.1',
  AVTOBUS: '4.2',
  AVTOBUS_REG: '4.3',
  TROLLEYBUS: '5',
  TRAMVAY: '6',
  TRAKTOR: '7',
});

/** Thousands of roubles, always with five places: as kopecks. */
const Thousands = z
  .string()
  .regex(/^(0|[1-9]\d{0,6})\.\d{5}$/, 'must be thousands of roubles with five places')
  .transform((text) => Number(text.replace('.', '')));

/** The contract takes whole roubles only, and refuses the rest of these. */
const Roubles = Thousands.transform((kopecks) => kopecks / 100);

const Percent = hundredths('.').pipe(RateBps);

/** Per cent of the sum insured, always with five places: as per mille, the point one place to the right. */
const PercentAsPerMille = z
  .string()
  .regex(/^\d{1,2}\.\d{5}$/, 'must be per cent with five places')
  .transform((text) => text.replace(/\.(\d)/, '$1.').replace(/^0+(?=\d)/, ''))
  .pipe(factor('.'));

/** yyyymmdd, Moscow. */
const BasicDate = z
  .string()
  .regex(/^\d{8}$/, 'must be a date, yyyymmdd')
  .transform((date) => date.replace(/(\d{4})(\d{2})(\d{2})/, '$1-$2-$3'))
  .pipe(z.iso.date())
  .transform(moscowDayMs);

const Row = z
  .object({ kind: Kind, price: Thousands.pipe(z.int().positive()), since: BasicDate, before: BasicDate.nullable() })
  .transform(({ kind, price, since, before }) => ({
    row: kind,
    baseRateMinor: price,
    fromMs: since,
    untilMs: before,
  }));

const Whole = z
  .string()
  .regex(/^(0|[1-9]\d{0,8})$/, 'must be a whole number')
  .transform(Number);

/** By the last value of each step; they begin at 0 and follow on each other by their form. */
const steps = (to: z.ZodType<number>) =>
  z
    .array(z.object({ to, value: factor('.') }).transform((step) => ({ upTo: step.to, factor: step.value })))
    .max(50)
    .pipe(Bands);

const coded = <Value extends string>(value: z.ZodType<string>, codes: Readonly<Record<string, Value>>) =>
  z
    .array(z.object({ code: z.string(), value }).transform((entry): [string, string] => [entry.code, entry.value]))
    .pipe(codedTable(codes));

const Home = z
  .object({
    fee: Percent,
    premises: coded(PercentAsPerMille, { KVARTIRA: 'flat', DOM: 'house' }),
    walls: coded(factor('.'), { KIRPICH: 'brick', BETON: 'concrete', DEREVO: 'wood' }),
    occupancy: coded(factor('.'), { SOBSTVENNIK: 'own', ARENDATOR: 'rented' }),
    alarm: coded(factor('.'), { EST: 'yes', NET: 'no' }),
    buildingAge: steps(Whole),
    sumInsured: steps(Roubles),
    least: Roubles.pipe(PropertyTerms.shape.minSumInsured),
    months: steps(Whole),
  })
  .transform(({ fee, premises, walls, occupancy, least, ...same }) => ({
    product: 'property' as const,
    commissionRateBps: fee,
    terms: { ratePerMille: premises, material: walls, use: occupancy, minSumInsured: least, ...same },
  }));

const PriceList = z
  .object({
    revision: z.string().min(1).max(64),
    onSale: z.array(z.string()).max(100),
    motor: z.object({
      fee: Percent,
      number: z.int().positive(),
      of: z.int().positive(),
      rows: z.array(Row).min(1).max(1000),
    }),
    home: Home.nullable(),
  })
  .refine(({ onSale, home }) => onSale.includes('IMUSHCHESTVO') === (home !== null), {
    path: ['home'],
    message: 'must be null when it is not on sale, and only then',
  });

export default {
  id: 'oka',
  protocol: 'graphql',
  async collect(ctx, baseUrl) {
    const pages = await readPages(async (cursor = '1') => {
      const page = Number(cursor);
      const call = { url: `${baseUrl}/graphql`, query: QUERY, variables: { page }, schema: PriceList };
      const { revision, motor, home } = await queryGraphql(ctx, call);
      if (motor.number !== page) throw new InsurerReplyError('paging', `page ${motor.number} instead of page ${page}`);
      return { edition: revision, next: page < motor.of ? String(page + 1) : undefined, motor, home };
    });
    const [{ motor, home }] = pages;
    const rates = pages.flatMap((page) => page.motor.rows);
    const osago = osagoTariff(rates, { commissionRateBps: motor.fee, now: ctx.now() });
    return home === null ? [osago] : [osago, home];
  },
} satisfies Insurer;
