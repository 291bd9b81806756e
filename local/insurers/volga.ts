import { type Context, Hono } from 'hono';
import type { TravelTerms } from '#contracts/tariff.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, sinceEdition } from './simulator.ts';

const PAGE_SIZE = 2;
const TRAVEL_PAGE_SIZE = 8;
const DAY_MS = 86_400_000;

const NAMES: Record<string, string> = {
  '2.1': 'Легковые автомобили юридических лиц',
  '2.2': 'Легковые автомобили физических лиц',
  '2.3': 'Легковые автомобили такси',
};

const TERRITORIES = { cis: 'SNG', schengen: 'SHENGEN', asia: 'AZIYA', world: 'MIR', 'usa-canada': 'MIR_SSHA_KANADA' };
const ACTIVITIES = { none: 'SPOKOJNYJ', sport: 'SPORT', extreme: 'EKSTRIM' };

/** No trams: row 6 is not sold. */
const book = (): Book => ({
  osago: {
    commissionRateBps: 750,
    rates: [
      { row: '2.2', baseRateMinor: 451_200, from: '2022-09-13', until: EDITION_7204 },
      sinceEdition('2.1', 241_500),
      { row: '2.2', baseRateMinor: 498_630, from: EDITION_7204, until: '2027-07-01' },
      { row: '2.2', baseRateMinor: 517_405, from: '2027-07-01', until: null },
      sinceEdition('2.3', 912_075),
      sinceEdition('1', 104_315),
      sinceEdition('3.1', 487_120),
      sinceEdition('3.2', 769_460),
      sinceEdition('4.1', 340_835),
      sinceEdition('4.2', 426_090),
      sinceEdition('4.3', 631_555),
      sinceEdition('5', 339_040),
      sinceEdition('7', 147_965),
    ],
  },
  travel: {
    commissionRateBps: 2_250,
    terms: {
      dailyRateMinor: 9_540,
      territory: { cis: '0.72', schengen: '1', asia: '1.18', world: '1.45', 'usa-canada': '2.35' },
      sumInsuredEur: { '30000': '1', '50000': '1.18', '100000': '1.62' },
      activity: { none: '1', sport: '1.75', extreme: '3.1' },
      age: [
        { upTo: 3, factor: '1.6' },
        { upTo: 17, factor: '0.9' },
        { upTo: 64, factor: '1' },
        { upTo: 75, factor: '2.15' },
      ],
      days: [
        { upTo: 15, factor: '1' },
        { upTo: 30, factor: '0.94' },
        { upTo: 90, factor: '0.88' },
        { upTo: 365, factor: '0.79' },
      ],
    },
  },
});

/** REST, roubles and per cent with a comma, dd.mm.yyyy with the last day included, numbered pages. */
function serve(book: Book): Hono {
  const app = new Hono();
  app.get('/api/v1/tarify', (c) => {
    const page = c.req.query('page') ?? '1';
    if (!/^[1-9]\d{0,3}$/.test(page)) return c.json({ oshibka: 'Неверный номер страницы' }, 400);
    const vid = c.req.query('vid');
    if (vid === 'osago') return osago(c, { book, page: Number(page) });
    if (vid === 'vzr') return travel(c, { book, page: Number(page) });
    return c.json({ oshibka: 'Вид страхования не найден' }, 404);
  });
  return app;
}

function osago(c: Context, { book, page }: { book: Book; page: number }): Response {
  const { commissionRateBps, rates } = book.osago;
  const { lines, ...paging } = pageOf(rates.map(line), { page, size: PAGE_SIZE });
  return c.json({
    redakciya: editionOf(book.osago),
    voznagrazhdenie_agenta_proc: withComma(commissionRateBps),
    ...paging,
    tarify: lines,
  });
}

function travel(c: Context, { book, page }: { book: Book; page: number }): Response {
  if (!book.travel) {
    return c.json({
      redakciya: editionOf(null),
      prodazha: 'prekrashchena',
      prichina: 'Вид страхования снят с продажи',
    });
  }
  const { commissionRateBps, terms } = book.travel;
  const { lines, ...paging } = pageOf(coefficients(terms), { page, size: TRAVEL_PAGE_SIZE });
  return c.json({
    redakciya: editionOf(book.travel),
    prodazha: 'otkryta',
    voznagrazhdenie_agenta_proc: withComma(commissionRateBps),
    stavka_za_den: withComma(terms.dailyRateMinor),
    ...paging,
    koefficienty: lines,
  });
}

function pageOf<Line>(all: readonly Line[], { page, size }: { page: number; size: number }) {
  return {
    stranica: page,
    vsego_stranic: Math.ceil(all.length / size),
    vsego_strok: all.length,
    lines: all.slice((page - 1) * size, page * size),
  };
}

function line({ row, baseRateMinor, from, until }: Rate) {
  return {
    kod: row,
    naimenovanie: NAMES[row] ?? `Строка ${row}`,
    bazovaya_stavka: withComma(baseRateMinor),
    s: russianDate(from),
    po: until === null ? null : russianDate(dayBefore(until)),
  };
}

function coefficients({ territory, sumInsuredEur, activity, age, days }: TravelTerms) {
  const byValue = (gruppa: string, table: Record<string, string>, names: Record<string, string>) =>
    Object.entries(table).map(([value, factor]) => ({
      gruppa,
      znachenie: names[value] ?? value,
      koefficient: factor.replace('.', ','),
    }));
  const byBand = (gruppa: string, bands: TravelTerms['age']) =>
    bands.map(({ upTo, factor }) => ({ gruppa, do: upTo, koefficient: factor.replace('.', ',') }));
  return [
    ...byValue('territoriya', territory, TERRITORIES),
    ...byValue('summa_evro', sumInsuredEur, {}),
    ...byValue('otdyh', activity, ACTIVITIES),
    ...byBand('vozrast', age),
    ...byBand('dnej', days),
  ];
}

/** Hundredths as a decimal; whole numbers have no comma, as their system prints them. */
function withComma(hundredths: number): string {
  const rest = hundredths % 100;
  const whole = String((hundredths - rest) / 100);
  return rest === 0 ? whole : `${whole},${String(rest).padStart(2, '0')}`;
}

const russianDate = (isoDate: string) => isoDate.split('-').reverse().join('.');
const dayBefore = (isoDate: string) => new Date(Date.parse(isoDate) - DAY_MS).toISOString().slice(0, 10);

export const volga: Simulator = { id: 'volga', book, serve };
