import { type Context, Hono } from 'hono';
import type { Bands, LifeTerms } from '#contracts/tariff.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, type Sold, sinceEdition } from './simulator.ts';

const PAGE_SIZE = 4;

/** Numbers of the classifier of vehicles in their accounting system. */
const CLASSES: Record<string, number> = {
  '1': 110,
  '2.1': 221,
  '2.2': 222,
  '2.3': 223,
  '3.1': 330,
  '3.2': 331,
  '4.1': 440,
  '4.2': 441,
  '4.3': 442,
  '5': 550,
  '6': 551,
  '7': 660,
};
const SEXES = { female: 'Ж', male: 'М' };
const SMOKERS = { yes: 'Курит', no: 'НеКурит' };
const OCCUPATIONS = { office: 'Служащий', manual: 'Рабочий', hazardous: 'ОпасныйТруд' };

/** No trolleybuses and trams: rows 5 and 6 are not sold. */
const book = (): Book => ({
  osago: {
    commissionRateBps: 685,
    rates: [
      { row: '2.2', baseRateMinor: 531_290, from: EDITION_7204, until: '2027-01-15' },
      { row: '2.2', baseRateMinor: 546_870, from: '2027-01-15', until: null },
      sinceEdition('2.1', 252_735),
      { row: '2.3', baseRateMinor: 998_140, from: EDITION_7204, until: '2026-05-20' },
      { row: '2.3', baseRateMinor: 1_043_570, from: '2026-05-20', until: null },
      sinceEdition('1', 96_480),
      sinceEdition('3.1', 512_665),
      sinceEdition('3.2', 802_390),
      sinceEdition('4.1', 327_110),
      sinceEdition('4.2', 408_925),
      sinceEdition('4.3', 604_780),
      sinceEdition('7', 138_245),
    ],
  },
  life: {
    commissionRateBps: 2_755,
    terms: {
      ratePerMille: '2.85',
      age: [
        { upTo: 30, factor: '1' },
        { upTo: 40, factor: '1.45' },
        { upTo: 50, factor: '2.35' },
        { upTo: 60, factor: '3.9' },
        { upTo: 65, factor: '5.2' },
      ],
      sex: { female: '0.85', male: '1.15' },
      smoker: { yes: '1.65', no: '1' },
      occupation: { office: '1', manual: '1.3', hazardous: '2.1' },
      years: [
        { upTo: 4, factor: '1' },
        { upTo: 9, factor: '0.96' },
        { upTo: 30, factor: '0.9125' },
      ],
      sumInsured: [
        { upTo: 500_000, factor: '1.08' },
        { upTo: 3_000_000, factor: '1' },
        { upTo: 10_000_000, factor: '1.06' },
        { upTo: 20_000_000, factor: '1.22' },
      ],
      maxAgeAtEnd: 70,
    },
  },
});

/** REST of an accounting system: its own language, per mille, thousands of roubles, seconds, a link to the next page. */
function serve(book: Book): Hono {
  const app = new Hono();
  app.get('/hs/agent/osago', (c) =>
    answer(c, {
      edition: editionOf(book.osago),
      entries: book.osago.rates.map(rate),
      besides: { КомиссияПромилле: book.osago.commissionRateBps / 10 },
    }),
  );
  app.get('/hs/agent/life', (c) =>
    answer(c, { edition: editionOf(book.life ?? null), entries: book.life ? [programme(book.life)] : [] }),
  );
  app.get('/hs/agent/:service', (c) => c.json({ Ошибка: 'Сервис не найден' }, 404));
  return app;
}

/** A page of entries; what is no longer sold has none. The link is relative: the system does not know its own address. */
function answer(c: Context, list: { edition: string; entries: unknown[]; besides?: Record<string, number> }): Response {
  const skip = c.req.query('skip') ?? '0';
  if (!/^\d{1,5}$/.test(skip)) return c.json({ Ошибка: 'Неверный параметр skip' }, 400);
  const first = Number(skip);
  if (first > 0 && first >= list.entries.length) return c.json({ Ошибка: 'Страница не найдена' }, 404);
  const end = first + PAGE_SIZE;
  const service = c.req.path.split('/').at(-1);
  return c.json({
    Редакция: list.edition,
    ...list.besides,
    Всего: list.entries.length,
    Записи: list.entries.slice(first, end),
    Далее: end < list.entries.length ? `${service}?skip=${end}` : null,
  });
}

/** `ДействуетПо` is the last second. */
function rate({ row, baseRateMinor, from, until }: Rate) {
  return {
    КлассТС: CLASSES[row],
    СтавкаТысРуб: `${Math.trunc(baseRateMinor / 100_000)}.${String(baseRateMinor % 100_000).padStart(5, '0')}`,
    ДействуетС: moscowSeconds(from),
    ДействуетПо: until === null ? null : moscowSeconds(until) - 1,
  };
}

function programme({ commissionRateBps, terms }: Sold<LifeTerms>) {
  return {
    Программа: 'Срочное страхование жизни',
    КомиссияПромилле: commissionRateBps / 10,
    ГодовойТарифПромилле: Number(terms.ratePerMille),
    ПредельныйВозраст: terms.maxAgeAtEnd,
    Возраст: steps(terms.age),
    Срок: steps(terms.years),
    СуммаРуб: steps(terms.sumInsured),
    Пол: coded(terms.sex, SEXES),
    Курение: coded(terms.smoker, SMOKERS),
    Занятость: coded(terms.occupation, OCCUPATIONS),
  };
}

const steps = (bands: Bands) => bands.map(({ upTo, factor }) => ({ Менее: upTo + 1, Промилле: perMille(factor) }));

function coded(table: LifeTerms['sex'] | LifeTerms['smoker'] | LifeTerms['occupation'], names: Record<string, string>) {
  return Object.entries(table).map(([value, factor]) => ({ Код: names[value], Промилле: perMille(factor) }));
}

const perMille = (decimal: string) => Math.round(Number(decimal) * 10_000) / 10;
const moscowSeconds = (isoDate: string) => Date.parse(`${isoDate}T00:00:00+03:00`) / 1_000;

export const kama: Simulator = { id: 'kama', book, serve };
