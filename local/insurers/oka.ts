import type { Bands, PropertyTerms } from '#contracts/tariff.ts';
import { graphqlEndpoint } from './graphql/endpoint.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, sinceEdition } from './simulator.ts';

const PAGE_SIZE = 3;

const PRICE_LIST = `query PriceList($page: Int!) {
  revision: priceListRevision
  onSale: linesOnSale
  motor: avto(stranica: $page) {
    fee: agentFee number: pageNumber of: pageCount
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

const KINDS: Record<string, string> = {
  '1': 'MOTO',
  '2.1': 'LEGK_YUR',
  '2.2': 'LEGK_FIZ',
  '2.3': 'LEGK_TAKSI',
  '3.1': 'GRUZ_DO_16',
  '3.2': 'GRUZ_SVYSHE_16',
  '4.1': 'AVTOBUS_D1',
  '4.2': 'AVTOBUS',
  '4.3': 'AVTOBUS_REG',
  '5': 'TROLLEYBUS',
  '6': 'TRAMVAY',
  '7': 'TRAKTOR',
};

const book = (): Book => ({
  osago: {
    commissionRateBps: 815,
    rates: [
      { row: '2.1', baseRateMinor: 209_480, from: '2025-01-27', until: EDITION_7204 },
      sinceEdition('2.1', 254_735),
      sinceEdition('2.2', 547_815),
      { row: '2.3', baseRateMinor: 1_103_290, from: EDITION_7204, until: '2027-03-01' },
      { row: '2.3', baseRateMinor: 1_148_665, from: '2027-03-01', until: null },
      sinceEdition('1', 126_590),
      sinceEdition('3.1', 594_255),
      sinceEdition('3.2', 927_140),
      sinceEdition('4.1', 398_075),
      sinceEdition('4.2', 487_620),
      sinceEdition('7', 178_345),
    ],
  },
  property: {
    commissionRateBps: 2_640,
    terms: {
      ratePerMille: { flat: '3.15', house: '5.25' },
      material: { brick: '1', concrete: '0.93' },
      use: { own: '1', rented: '1.36' },
      alarm: { yes: '0.88', no: '1' },
      buildingAge: [
        { upTo: 5, factor: '0.91' },
        { upTo: 30, factor: '1' },
        { upTo: 60, factor: '1.18' },
        { upTo: 110, factor: '1.43' },
      ],
      sumInsured: [
        { upTo: 2_500_000, factor: '1' },
        { upTo: 10_000_000, factor: '0.95' },
        { upTo: 60_000_000, factor: '0.84' },
      ],
      minSumInsured: 280_000,
      months: [
        { upTo: 1, factor: '0.19' },
        { upTo: 3, factor: '0.41' },
        { upTo: 6, factor: '0.68' },
        { upTo: 12, factor: '1' },
      ],
    },
  },
});

/** Oka: GraphQL, all products by one query, decimals as strings, thousands of roubles, basic ISO dates, numbered pages. */
export const oka: Simulator = {
  id: 'oka',
  book,
  serve: (sold) =>
    graphqlEndpoint([
      {
        query: PRICE_LIST,
        resolve: ({ page }) => {
          const pageCount = Math.max(1, Math.ceil(sold.osago.rates.length / PAGE_SIZE));
          const number = Number(page);
          if (number < 1 || number > pageCount)
            return { problem: `There is no page ${number}, the last is ${pageCount}` };
          return { data: priceList(sold, { number, pageCount }) };
        },
      },
    ]),
};

function priceList(sold: Book, { number, pageCount }: { number: number; pageCount: number }) {
  const { osago, property } = sold;
  return {
    revision: editionOf(sold),
    onSale: property === undefined ? ['AVTO'] : ['AVTO', 'IMUSHCHESTVO'],
    motor: {
      fee: percent(osago.commissionRateBps),
      number,
      of: pageCount,
      rows: osago.rates.slice((number - 1) * PAGE_SIZE, number * PAGE_SIZE).map(row),
    },
    home: property === undefined ? null : { fee: percent(property.commissionRateBps), ...home(property.terms) },
  };
}

const row = ({ row: official, baseRateMinor, from, until }: Rate) => ({
  kind: KINDS[official] ?? official,
  price: thousands(baseRateMinor),
  since: basicDate(from),
  before: until === null ? null : basicDate(until),
});

const home = (terms: PropertyTerms) => ({
  premises: Object.entries(terms.ratePerMille).map(([key, perMille]) => ({
    code: { flat: 'KVARTIRA', house: 'DOM' }[key],
    value: decimal(tenThousandths(perMille), 5),
  })),
  walls: ratios(terms.material, { brick: 'KIRPICH', concrete: 'BETON', wood: 'DEREVO' }),
  occupancy: ratios(terms.use, { own: 'SOBSTVENNIK', rented: 'ARENDATOR' }),
  alarm: ratios(terms.alarm, { yes: 'EST', no: 'NET' }),
  buildingAge: steps(terms.buildingAge),
  sumInsured: terms.sumInsured.map(({ upTo, factor }) => ({ to: thousands(upTo * 100), value: ratio(factor) })),
  least: thousands(terms.minSumInsured * 100),
  months: steps(terms.months),
});

const ratios = <Value extends string>(table: Partial<Record<Value, string>>, codes: Record<Value, string>) =>
  (Object.entries(table) as [Value, string][]).map(([value, factor]) => ({ code: codes[value], value: ratio(factor) }));

const steps = (bands: Bands) => bands.map(({ upTo, factor }) => ({ to: String(upTo), value: ratio(factor) }));

/** Their scalars: Ratio has four places always, Percent of a fee two and of a rate five, Thousands (of roubles) five. */
const ratio = (factor: string) => decimal(tenThousandths(factor), 4);
const percent = (hundredths: number) => decimal(hundredths, 2);
const thousands = (kopecks: number) => decimal(kopecks, 5);
const tenThousandths = (factor: string) => Math.round(Number(factor) * 10_000);

function decimal(units: number, places: number): string {
  const digits = String(units).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const basicDate = (isoDate: string) => isoDate.replaceAll('-', '');
