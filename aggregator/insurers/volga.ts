import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { OsagoBaseRow } from '#contracts/tariff.ts';
import { readPages } from '../protocols/read-pages.ts';
import { getJson } from '../protocols/rest.ts';
import { hundredths } from './hundredths.ts';
import type { Insurer } from './insurer.ts';
import { DAY_MS, moscowDayMs } from './moscow-day.ts';
import { osagoTariff } from './osago-tariff.ts';

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

const TariffPage = z
  .object({
    redakciya: z.string().min(1).max(64),
    voznagrazhdenie_agenta_proc: hundredths(',').pipe(RateBps),
    stranica: z.int().positive(),
    vsego_stranic: z.int().nonnegative(),
    tarify: z.array(Rate).max(1000),
  })
  .transform((page) => ({
    edition: page.redakciya,
    next: page.stranica < page.vsego_stranic ? String(page.stranica + 1) : undefined,
    commissionRateBps: page.voznagrazhdenie_agenta_proc,
    rates: page.tarify,
  }));

export default {
  id: 'volga',
  protocol: 'rest',
  async collect(ctx, baseUrl) {
    const pages = await readPages((page = '1') =>
      getJson(ctx, { url: `${baseUrl}/api/v1/tarify?vid=osago&page=${page}`, schema: TariffPage }),
    );
    const [{ commissionRateBps }] = pages;
    return [
      osagoTariff(
        pages.flatMap(({ rates }) => rates),
        { commissionRateBps, now: ctx.now() },
      ),
    ];
  },
} satisfies Insurer;
