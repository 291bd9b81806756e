import { Hono } from 'hono';
import type { Bands, PropertyTerms, TravelTerms } from '#contracts/tariff.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, sinceEdition } from './simulator.ts';

/** The day that stands for "until further notice". */
const NO_END = 99_991_231;

const VEHICLES: Record<string, string> = {
  '1': 'motorcycle',
  '2.1': 'carOfCompany',
  '2.2': 'carOfPerson',
  '2.3': 'taxi',
  '3.1': 'lorryLight',
  '3.2': 'lorryHeavy',
  '4.1': 'minibus',
  '4.2': 'bus',
  '4.3': 'busOnRoute',
  '5': 'trolleybus',
  '6': 'tram',
  '7': 'tractor',
};

/** No taxis: row 2.3 is not sold. */
const book = (): Book => ({
  osago: {
    commissionRateBps: 925,
    rates: [
      sinceEdition('2.1', 261_845),
      { row: '2.2', baseRateMinor: 548_015, from: '2025-12-09', until: '2026-04-01' },
      { row: '2.2', baseRateMinor: 559_360, from: '2026-04-01', until: null },
      sinceEdition('1', 127_690),
      { row: '3.1', baseRateMinor: 536_210, from: EDITION_7204, until: '2027-02-10' },
      { row: '3.1', baseRateMinor: 551_475, from: '2027-02-10', until: null },
      sinceEdition('3.2', 845_730),
      sinceEdition('4.1', 381_265),
      sinceEdition('4.2', 469_340),
      sinceEdition('4.3', 678_905),
      sinceEdition('5', 351_820),
      sinceEdition('6', 226_085),
      sinceEdition('7', 164_510),
    ],
  },
  travel: {
    commissionRateBps: 2_680,
    terms: {
      dailyRateMinor: 8_715,
      territory: { cis: '0.81', schengen: '1.06', asia: '0.92', world: '1.53', 'usa-canada': '2.48' },
      sumInsuredEur: { '30000': '1', '50000': '1.23', '100000': '1.69' },
      activity: { none: '1', sport: '1.55' },
      age: [
        { upTo: 2, factor: '1.8' },
        { upTo: 17, factor: '0.85' },
        { upTo: 60, factor: '1' },
        { upTo: 70, factor: '1.9' },
        { upTo: 80, factor: '3.25' },
      ],
      days: [
        { upTo: 7, factor: '1.1' },
        { upTo: 21, factor: '1' },
        { upTo: 60, factor: '0.925' },
        { upTo: 180, factor: '0.84' },
      ],
    },
  },
  property: {
    commissionRateBps: 1_950,
    terms: {
      ratePerMille: { flat: '3.12', house: '5.24' },
      material: { brick: '1', concrete: '0.94' },
      use: { own: '1', rented: '1.35' },
      alarm: { yes: '0.87', no: '1' },
      buildingAge: [
        { upTo: 15, factor: '0.9' },
        { upTo: 40, factor: '1' },
        { upTo: 80, factor: '1.35' },
      ],
      sumInsured: [
        { upTo: 2_000_000, factor: '1.05' },
        { upTo: 10_000_000, factor: '1' },
        { upTo: 30_000_000, factor: '0.91' },
      ],
      minSumInsured: 400_000,
      months: [
        { upTo: 1, factor: '0.2' },
        { upTo: 3, factor: '0.4' },
        { upTo: 6, factor: '0.66' },
        { upTo: 11, factor: '0.955' },
        { upTo: 12, factor: '1' },
      ],
    },
  },
});

/** REST: a list of documents with their revisions, one document for each product; per cent, lower bounds, 20251209. */
function serve(book: Book): Hono {
  const app = new Hono();
  app.get('/tariffs/index.json', (c) => {
    const listed = (part: unknown) =>
      part === undefined ? { state: 'CLOSED' } : { state: 'OPEN', revision: editionOf(part) };
    return c.json({
      documents: { OSAGO: listed(book.osago), TRAVEL: listed(book.travel), PROPERTY: listed(book.property) },
    });
  });
  app.get('/tariffs/osago.json', (c) =>
    c.json({ ...head('OSAGO', book.osago), vehicles: book.osago.rates.map(vehicle) }),
  );
  app.get('/tariffs/travel.json', (c) =>
    book.travel ? c.json({ ...head('TRAVEL', book.travel), ...travel(book.travel.terms) }) : c.json(CLOSED, 410),
  );
  app.get('/tariffs/property.json', (c) =>
    book.property
      ? c.json({ ...head('PROPERTY', book.property), ...property(book.property.terms) })
      : c.json(CLOSED, 410),
  );
  app.get('/tariffs/:document', (c) => c.json({ fault: 'no such document' }, 404));
  return app;
}

const CLOSED = { fault: 'the product is closed' };

const head = (product: string, part: { commissionRateBps: number }) => ({
  product,
  revision: editionOf(part),
  agentShare: percent(part.commissionRateBps),
});

/** `till` is the first day without the rate. */
const vehicle = ({ row, baseRateMinor, from, until }: Rate) => ({
  kind: VEHICLES[row],
  base: money(baseRateMinor),
  since: day(from),
  till: until === null ? NO_END : day(until),
});

const travel = (terms: TravelTerms) => ({
  perDay: money(terms.dailyRateMinor),
  zone: table(terms.territory, { cis: 'CIS', schengen: 'EU', asia: 'ASIA', world: 'ALL', 'usa-canada': 'ALL_USA' }),
  coverEur: table(terms.sumInsuredEur, { '30000': '30K', '50000': '50K', '100000': '100K' }),
  leisure: table(terms.activity, { none: 'CALM', sport: 'ACTIVE', extreme: 'RISKY' }),
  age: scale(terms.age),
  days: scale(terms.days),
});

const property = (terms: PropertyTerms) => ({
  per100k: Object.fromEntries(
    Object.entries(terms.ratePerMille).map(([premises, rate]) => [
      premises.toUpperCase(),
      String(tenThousandths(rate) / 100),
    ]),
  ),
  walls: table(terms.material, { brick: 'BRICK', concrete: 'PANEL', wood: 'WOOD' }),
  tenancy: table(terms.use, { own: 'OWNER', rented: 'LET' }),
  guarded: table(terms.alarm, { yes: 'Y', no: 'N' }),
  buildingAge: scale(terms.buildingAge),
  sumRub: scale(terms.sumInsured),
  leastSumRub: terms.minSumInsured,
  months: scale(terms.months),
});

function table(factors: Record<string, string>, names: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(factors).map(([value, factor]) => [names[value] ?? value, percent(tenThousandths(factor))]),
  );
}

/** A step holds from its lower bound to the next one's, the last up to `most`, which is included. */
function scale(bands: Bands) {
  return {
    steps: bands.map(({ factor }, index) => ({
      from: index === 0 ? 0 : (bands[index - 1]?.upTo ?? 0) + 1,
      factor: percent(tenThousandths(factor)),
    })),
    most: bands.at(-1)?.upTo,
  };
}

const tenThousandths = (decimal: string) => Math.round(Number(decimal) * 10_000);
const percent = (hundredths: number) => `${hundredths / 100}%`;
const money = (kopecks: number) => ({ rub: Math.trunc(kopecks / 100), kop: kopecks % 100 });
const day = (isoDate: string) => Number(isoDate.replaceAll('-', ''));

export const amur: Simulator = { id: 'amur', book, serve };
