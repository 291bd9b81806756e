import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands, OsagoBaseRow, TravelTerms } from '#contracts/tariff.ts';
import { readPages } from '../protocols/read-pages.ts';
import { readShape } from '../protocols/read-shape.ts';
import { getJson } from '../protocols/rest.ts';
import type { CollectedTariff, Insurer, InsurerContext } from './insurer.ts';
import { codedTable } from './reading/coded-table.ts';
import { everyRow } from './reading/every-row.ts';
import { factor } from './reading/factor.ts';
import { hundredths } from './reading/hundredths.ts';
import { DAY_MS, moscowDayMs } from './reading/moscow-day.ts';
import { osagoTariff } from './reading/osago-tariff.ts';

/** dd.mm.yyyy, Moscow. */
const RussianDate = z
  .string()
  .regex(/^\d{2}\.\d{2}\.\d{4}$/, 'must be a date, dd.mm.yyyy')
  .transform((date) => date.split('.').reverse().join('-'))
  .pipe(z.iso.date())
  .transform(moscowDayMs);

/** Roubles with a comma; `po` is the last day, inclusive. */
const Rate = z
  .object({
    kod: OsagoBaseRow,
    bazovaya_stavka: hundredths(',').pipe(z.int().positive()),
    s: RussianDate,
    po: RussianDate.nullable(),
  })
  .transform(({ kod, bazovaya_stavka, s, po }) => ({
    row: kod,
    baseRateMinor: bazovaya_stavka,
    fromMs: s,
    untilMs: po === null ? null : po + DAY_MS,
  }));

const PAGE = {
  redakciya: z.string().min(1).max(64),
  stranica: z.int().positive(),
  vsego_stranic: z.int().nonnegative(),
  vsego_strok: z.int().nonnegative(),
};

const paging = (page: z.output<z.ZodObject<typeof PAGE>>) => ({
  edition: page.redakciya,
  next: page.stranica < page.vsego_stranic ? String(page.stranica + 1) : undefined,
  total: page.vsego_strok,
});

const OsagoPage = z
  .object({ ...PAGE, voznagrazhdenie_agenta_proc: hundredths(',').pipe(RateBps), tarify: z.array(Rate).max(1000) })
  .transform((page) => ({
    ...paging(page),
    commissionRateBps: page.voznagrazhdenie_agenta_proc,
    rows: page.tarify,
  }));

/** A line of coefficients of any group, read further when all are together. */
const Line = z.looseObject({ gruppa: z.string().max(64) });

const TravelPage = z
  .discriminatedUnion('prodazha', [
    z.object({
      ...PAGE,
      prodazha: z.literal('otkryta'),
      voznagrazhdenie_agenta_proc: hundredths(',').pipe(RateBps),
      stavka_za_den: hundredths(',').pipe(TravelTerms.shape.dailyRateMinor),
      koefficienty: z.array(Line).max(1000),
    }),
    z.object({ prodazha: z.literal('prekrashchena'), redakciya: PAGE.redakciya, prichina: z.string() }),
  ])
  .transform((page) =>
    page.prodazha === 'otkryta'
      ? { ...paging(page), rows: page.koefficienty, sold: page }
      : { edition: page.redakciya, next: undefined, total: 0, rows: [], sold: undefined },
  );

const coded = <Value extends string>(codes: Readonly<Record<string, Value>>) =>
  z
    .array(z.object({ znachenie: z.string(), koefficient: factor(',') }))
    .transform((lines) => lines.map(({ znachenie, koefficient }) => [znachenie, koefficient]))
    .pipe(codedTable(codes));

/** `do` is inclusive. */
const UpperBounds = z
  .array(z.object({ do: z.int(), koefficient: factor(',') }))
  .transform((lines) => lines.map((line) => ({ upTo: line.do, factor: line.koefficient })))
  .pipe(Bands);

/** Strict: a group that is not understood would be a price that leaves it out. */
const Groups = z.strictObject({
  territoriya: coded({
    SNG: 'cis',
    SHENGEN: 'schengen',
    AZIYA: 'asia',
    MIR: 'world',
    MIR_SSHA_KANADA: 'usa-canada',
  }),
  summa_evro: coded({ 30000: '30000', 50000: '50000', 100000: '100000' }),
  otdyh: coded({ SPOKOJNYJ: 'none', SPORT: 'sport', EKSTRIM: 'extreme' }),
  vozrast: UpperBounds,
  dnej: UpperBounds,
});

async function collectOsago(ctx: InsurerContext, url: string): Promise<CollectedTariff> {
  const pages = await readPages((page = '1') =>
    getJson(ctx, { url: `${url}?vid=osago&page=${page}`, schema: OsagoPage }),
  );
  const [{ commissionRateBps }] = pages;
  return osagoTariff(everyRow(pages), { commissionRateBps, now: ctx.now() });
}

async function collectTravel(ctx: InsurerContext, url: string): Promise<CollectedTariff[]> {
  const pages = await readPages((page = '1') =>
    getJson(ctx, { url: `${url}?vid=vzr&page=${page}`, schema: TravelPage }),
  );
  const [{ sold }] = pages;
  if (sold === undefined) return [];
  const lines = Object.groupBy<string, z.output<typeof Line>>(everyRow(pages), ({ gruppa }) => gruppa);
  const { territoriya, summa_evro, otdyh, vozrast, dnej } = readShape(Groups, lines);
  return [
    {
      product: 'travel',
      commissionRateBps: sold.voznagrazhdenie_agenta_proc,
      terms: {
        dailyRateMinor: sold.stavka_za_den,
        territory: territoriya,
        sumInsuredEur: summa_evro,
        activity: otdyh,
        age: vozrast,
        days: dnej,
      },
    },
  ];
}

export default {
  id: 'volga',
  protocol: 'rest',
  async collect(ctx, baseUrl) {
    const url = `${baseUrl}/api/v1/tarify`;
    return [await collectOsago(ctx, url), ...(await collectTravel(ctx, url))];
  },
} satisfies Insurer;
