import { type Context, Hono } from 'hono';
import type { Bands, PropertyTerms } from '#contracts/tariff.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, type Sold, sinceEdition } from './simulator.ts';

const MAX_LIMIT = 5;
const DAY_MS = 86_400_000;
const KOPECKS = 100;

/** UNECE categories, with the holder of a car and the use of a bus. */
const CLASSES: Record<string, string> = {
  '1': 'L',
  '2.1': 'M1-C',
  '2.2': 'M1-P',
  '2.3': 'M1-T',
  '3.1': 'N-LE16',
  '3.2': 'N-GT16',
  '4.1': 'M2',
  '4.2': 'M3',
  '4.3': 'M3-R',
  '5': 'TRB',
  '6': 'TRM',
  '7': 'SPT',
};

/** No buses of regular carriage: row 4.3 is not sold. */
const book = (): Book => ({
  osago: {
    commissionRateBps: 810,
    rates: [
      sinceEdition('1', 118_740),
      sinceEdition('2.1', 228_315),
      { row: '2.2', baseRateMinor: 463_900, from: EDITION_7204, until: '2026-08-15' },
      { row: '2.2', baseRateMinor: 482_750, from: '2026-08-15', until: '2027-03-01' },
      { row: '2.2', baseRateMinor: 494_120, from: '2027-03-01', until: null },
      sinceEdition('2.3', 953_860),
      sinceEdition('3.1', 459_345),
      sinceEdition('3.2', 731_925),
      sinceEdition('4.1', 362_480),
      sinceEdition('4.2', 447_615),
      sinceEdition('5', 318_270),
      sinceEdition('6', 203_455),
      sinceEdition('7', 159_130),
    ],
  },
  property: {
    commissionRateBps: 2_400,
    terms: {
      ratePerMille: { flat: '2.65', house: '4.35' },
      material: { brick: '1', concrete: '0.96', wood: '1.55' },
      use: { own: '1', rented: '1.25' },
      alarm: { yes: '0.9', no: '1' },
      buildingAge: [
        { upTo: 10, factor: '0.95' },
        { upTo: 30, factor: '1' },
        { upTo: 60, factor: '1.2' },
        { upTo: 100, factor: '1.5' },
      ],
      sumInsured: [
        { upTo: 1_000_000, factor: '1.12' },
        { upTo: 5_000_000, factor: '1' },
        { upTo: 15_000_000, factor: '0.93' },
        { upTo: 50_000_000, factor: '0.875' },
      ],
      minSumInsured: 300_000,
      months: [
        { upTo: 1, factor: '0.18' },
        { upTo: 2, factor: '0.28' },
        { upTo: 3, factor: '0.37' },
        { upTo: 6, factor: '0.62' },
        { upTo: 9, factor: '0.83' },
        { upTo: 12, factor: '1' },
      ],
    },
  },
});

/** REST, all figures whole numbers (kopecks, basis points, ten-thousandths), ISO periods, pages by offset and limit. */
function serve(book: Book): Hono {
  const app = new Hono();
  app.get('/v2/tariffs/mtpl', (c) => {
    const { offset = '0', limit = '50' } = c.req.query();
    if (!/^\d{1,5}$/.test(offset)) return refuse(c, { code: 'wrong_offset', status: 400 });
    if (!/^[1-9]\d{0,2}$/.test(limit)) return refuse(c, { code: 'wrong_limit', status: 400 });
    if (Number(offset) > book.osago.rates.length) return refuse(c, { code: 'offset_past_end', status: 416 });
    return c.json(mtpl(book.osago, { offset: Number(offset), limit: Math.min(Number(limit), MAX_LIMIT) }));
  });
  app.get('/v2/tariffs/property', (c) => {
    const { property: sold = null } = book;
    return c.json({ product: 'property', revision: editionOf(sold), tariff: sold && property(sold) });
  });
  app.get('/v2/tariffs/:product', (c) => refuse(c, { code: 'unknown_product', status: 404 }));
  return app;
}

function mtpl({ commissionRateBps, rates }: Book['osago'], { offset, limit }: { offset: number; limit: number }) {
  return {
    product: 'mtpl',
    revision: editionOf({ commissionRateBps, rates }),
    agent_fee_bp: commissionRateBps,
    page: { offset, limit, total: rates.length },
    items: rates.slice(offset, offset + limit).map(({ row, baseRateMinor, from, until }) => ({
      class: CLASSES[row],
      base_kopecks: baseRateMinor,
      period: period({ from, until }),
    })),
  };
}

function property({ commissionRateBps, terms }: Sold<PropertyTerms>) {
  const { flat, house } = terms.ratePerMille;
  const { brick, concrete, wood: timber } = terms.material;
  const { own: owner, rented: tenant } = terms.use;
  const { yes: armed, no: none } = terms.alarm;
  return {
    agent_fee_bp: commissionRateBps,
    // Per mille x 10,000: the share of the sum insured x 10,000,000.
    annual_rate_e7: tenThousandths({ flat, house }),
    walls_e4: tenThousandths({ brick, concrete, timber }),
    occupied_by_e4: tenThousandths({ owner, tenant }),
    alarm_e4: tenThousandths({ armed, none }),
    building_years: ranges(terms.buildingAge),
    sum_kopecks: ranges(terms.sumInsured, KOPECKS),
    min_sum_kopecks: terms.minSumInsured * KOPECKS,
    term_months: ranges(terms.months),
  };
}

function tenThousandths(table: Record<string, string | undefined>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([key, factor]) => (factor === undefined ? [] : [[key, e4(factor)]])),
  );
}

/** Both ends included; a step is one unit of what is counted: a year, a month, a rouble. */
function ranges(bands: Bands, step = 1) {
  return bands.map(({ upTo, factor }, index) => ({
    from: index === 0 ? 0 : ((bands[index - 1]?.upTo ?? 0) + 1) * step,
    to: upTo * step,
    factor_e4: e4(factor),
  }));
}

/** ISO 8601: both days included, `..` for an open end. */
function period({ from, until }: Pick<Rate, 'from' | 'until'>): string {
  const last = until === null ? '..' : new Date(Date.parse(until) - DAY_MS).toISOString().slice(0, 10);
  return `${from}/${last}`;
}

const e4 = (decimal: string) => Math.round(Number(decimal) * 10_000);

function refuse(c: Context, { code, status }: { code: string; status: 400 | 404 | 416 }): Response {
  return c.json({ error: { code, message: code.replaceAll('_', ' ') } }, status);
}

export const don: Simulator = { id: 'don', book, serve };
