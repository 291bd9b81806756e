import { Hono } from 'hono';
import { type Book, editionOf, type Rate } from './book.ts';

const PAGE_SIZE = 2;
const DAY_MS = 86_400_000;

const NAMES: Record<string, string> = {
  '2.1': 'Легковые автомобили юридических лиц',
  '2.2': 'Легковые автомобили физических лиц',
  '2.3': 'Легковые автомобили такси',
};

/** Volga: REST, roubles and per cent with a comma, dd.mm.yyyy with the last day included, numbered pages. */
export function createVolga(book: Book): Hono {
  const app = new Hono();
  app.get('/api/v1/tarify', (c) => {
    const page = c.req.query('page') ?? '1';
    if (c.req.query('vid') !== 'osago') return c.json({ oshibka: 'Вид страхования не найден' }, 404);
    if (!/^[1-9]\d{0,3}$/.test(page)) return c.json({ oshibka: 'Неверный номер страницы' }, 400);
    const first = (Number(page) - 1) * PAGE_SIZE;
    return c.json({
      redakciya: editionOf(book),
      voznagrazhdenie_agenta_proc: withComma(book.commissionRateBps),
      stranica: Number(page),
      vsego_stranic: Math.ceil(book.rates.length / PAGE_SIZE),
      tarify: book.rates.slice(first, first + PAGE_SIZE).map(line),
    });
  });
  return app;
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

/** Hundredths as a decimal; whole numbers have no comma, as their system prints them. */
function withComma(hundredths: number): string {
  const rest = hundredths % 100;
  const whole = String((hundredths - rest) / 100);
  return rest === 0 ? whole : `${whole},${String(rest).padStart(2, '0')}`;
}

const russianDate = (isoDate: string) => isoDate.split('-').reverse().join('.');
const dayBefore = (isoDate: string) => new Date(Date.parse(isoDate) - DAY_MS).toISOString().slice(0, 10);
