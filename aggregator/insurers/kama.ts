import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands, LifeTerms } from '#contracts/tariff.ts';
import { nextLink } from '../protocols/next-link.ts';
import { readPages } from '../protocols/read-pages.ts';
import { getJson } from '../protocols/rest.ts';
import type { CollectedTariff, Insurer, InsurerContext } from './insurer.ts';
import { codedTable } from './reading/coded-table.ts';
import { everyRow } from './reading/every-row.ts';
import { factor } from './reading/factor.ts';
import { hundredths } from './reading/hundredths.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';

const VehicleClass = z
  .int()
  .transform(String)
  .pipe(
    rowOf({
      110: '1',
      221: '2.1',
      222: '2.2',
      223: '2.3',
      330: '3.1',
      331: '3.2',
      440: '4.1',
      441: '4.2',
      442: '4.3',
      550: '5',
      551: '6',
      660: '7',
    }),
  );

/** Thousands of roubles with five places are kopecks when the point is dropped. */
const ThousandRoubles = z
  .string()
  .regex(/^\d{1,7}\.\d{5}$/, 'must be thousands of roubles with five places')
  .transform((text) => Number(text.replace('.', '')))
  .pipe(z.int().positive());

/** Seconds since 1970. */
const Second = z.int().nonnegative();

/** Numbers print as they were written, up to 15 digits: what follows reads them by digits. */
const Digits = z.number().transform(String);
const PerMille = Digits.pipe(factor('.', { shift: 3 }));
const CommissionPerMille = Digits.pipe(hundredths('.'))
  .transform((hundredthsOfPerMille) => hundredthsOfPerMille / 10)
  .pipe(RateBps);

/** `ДействуетПо` is the last second in which the rate holds. */
const Rate = z
  .object({ КлассТС: VehicleClass, СтавкаТысРуб: ThousandRoubles, ДействуетС: Second, ДействуетПо: Second.nullable() })
  .transform((rate) => ({
    row: rate.КлассТС,
    baseRateMinor: rate.СтавкаТысРуб,
    fromMs: rate.ДействуетС * 1_000,
    untilMs: rate.ДействуетПо === null ? null : (rate.ДействуетПо + 1) * 1_000,
  }));

/** Upper bounds that are themselves outside. */
const Steps = z
  .array(z.object({ Менее: z.int(), Промилле: PerMille }))
  .transform((steps) => steps.map((step) => ({ upTo: step.Менее - 1, factor: step.Промилле })))
  .pipe(Bands);

const coded = <Value extends string>(codes: Readonly<Record<string, Value>>) =>
  z
    .array(z.object({ Код: z.string(), Промилле: PerMille }))
    .transform((list) => list.map(({ Код, Промилле }) => [Код, Промилле]))
    .pipe(codedTable(codes));

const Programme = z
  .object({
    КомиссияПромилле: CommissionPerMille,
    ГодовойТарифПромилле: Digits.pipe(factor('.')),
    ПредельныйВозраст: LifeTerms.shape.maxAgeAtEnd,
    Возраст: Steps,
    Срок: Steps,
    СуммаРуб: Steps,
    Пол: coded({ Ж: 'female', М: 'male' }),
    Курение: coded({ Курит: 'yes', НеКурит: 'no' }),
    Занятость: coded({ Служащий: 'office', Рабочий: 'manual', ОпасныйТруд: 'hazardous' }),
  })
  .transform((programme) => ({
    commissionRateBps: programme.КомиссияПромилле,
    terms: {
      ratePerMille: programme.ГодовойТарифПромилле,
      age: programme.Возраст,
      sex: programme.Пол,
      smoker: programme.Курение,
      occupation: programme.Занятость,
      years: programme.Срок,
      sumInsured: programme.СуммаРуб,
      maxAgeAtEnd: programme.ПредельныйВозраст,
    },
  }));

const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z.object({
    Редакция: z.string().min(1).max(64),
    Всего: z.int().nonnegative(),
    Записи: z.array(entry).max(1000),
    Далее: z.string().min(1).max(500).nullable(),
  });

const OsagoList = listOf(Rate).extend({ КомиссияПромилле: CommissionPerMille });
/** One programme, or none when life is no longer sold: which of several is meant nobody could tell. */
const LifeList = listOf(Programme).extend({ Всего: z.int().min(0).max(1) });

/** All pages of a list; each names the next in `Далее`, null on the last. */
function readLinked<List extends { Редакция: string; Всего: number; Записи: unknown[]; Далее: string | null }>(
  ctx: InsurerContext,
  { baseUrl, path, schema }: { baseUrl: string; path: string; schema: z.ZodType<List> },
) {
  return readPages(async (url = `${baseUrl}${path}`) => {
    const list = await getJson(ctx, { url, schema });
    const next = list.Далее === null ? undefined : nextLink(list.Далее, { from: url, baseUrl });
    return { list, edition: list.Редакция, next, total: list.Всего };
  });
}

async function collectOsago(ctx: InsurerContext, baseUrl: string): Promise<CollectedTariff> {
  const pages = await readLinked(ctx, { baseUrl, path: '/hs/agent/osago', schema: OsagoList });
  const rates = everyRow(pages.map(({ list, total }) => ({ total, rows: list.Записи })));
  const [{ list }] = pages;
  return osagoTariff(rates, { commissionRateBps: list.КомиссияПромилле, now: ctx.now() });
}

async function collectLife(ctx: InsurerContext, baseUrl: string): Promise<CollectedTariff[]> {
  const pages = await readLinked(ctx, { baseUrl, path: '/hs/agent/life', schema: LifeList });
  const programmes = everyRow(pages.map(({ list, total }) => ({ total, rows: list.Записи })));
  return programmes.map((programme) => ({ product: 'life', ...programme }));
}

export default {
  id: 'kama',
  protocol: 'rest',
  async collect(ctx, baseUrl) {
    return [await collectOsago(ctx, baseUrl), ...(await collectLife(ctx, baseUrl))];
  },
} satisfies Insurer;
