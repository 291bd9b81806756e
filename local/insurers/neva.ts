import type { LifeTerms, TravelTerms } from '#contracts/tariff.ts';
import { graphqlEndpoint } from './graphql/endpoint.ts';
import { type Book, EDITION_7204, editionOf, type Simulator, type Sold, sinceEdition } from './simulator.ts';

const MAX_LIMIT = 5;
const DAY_MS = 86_400_000;

const MTPL = `query MtplProduct($limit: Int!, $offset: Int!) {
  product(kind: MTPL) {
    __typename
    ... on MtplProduct {
      edition rewardPerMille
      rates(limit: $limit, offset: $offset) {
        totalCount
        nodes { vehicle priceKopecks period { firstDay lastDay } }
      }
    }
  }
}`;

const TRAVEL = `query TravelProduct {
  product(kind: TRAVEL) {
    __typename
    ... on TravelProduct {
      rewardPerMille dayKopecks
      area { cis schengen asia worldWithoutNorthAmerica wholeWorld }
      cover { eur30k eur50k eur100k }
      leisure { calm sport extreme }
      ageBands { from to perMille }
      dayBands { from to perMille }
    }
    ... on ProductNotSold { kind message }
  }
}`;

const LIFE = `query LifeProduct {
  product(kind: LIFE) {
    __typename
    ... on LifeProduct {
      rewardPerMille annualRatePerMille
      ageBands { from to perMille }
      sex { women men }
      smoking { smoker nonSmoker }
      work { office manual hazardous }
      termBands { from to perMille }
      sumBands { fromKopecks toKopecks perMille }
      oldestAtEnd
    }
    ... on ProductNotSold { kind message }
  }
}`;

const VEHICLES: Record<string, string> = {
  '1': 'A/any',
  '2.1': 'B/company',
  '2.2': 'B/person',
  '2.3': 'B/taxi',
  '3.1': 'C/to16t',
  '3.2': 'C/over16t',
  '4.1': 'D1/any',
  '4.2': 'D/any',
  '4.3': 'D/route',
  '5': 'Tb/any',
  '6': 'Tm/any',
  '7': 'F/any',
};

const book = (): Book => ({
  osago: {
    commissionRateBps: 665,
    rates: [
      sinceEdition('1', 97_315),
      sinceEdition('2.1', 231_155),
      { row: '2.2', baseRateMinor: 438_620, from: '2024-01-09', until: EDITION_7204 },
      { row: '2.2', baseRateMinor: 506_745, from: EDITION_7204, until: null },
      sinceEdition('2.3', 968_330),
      sinceEdition('3.1', 512_905),
      { row: '3.2', baseRateMinor: 847_065, from: EDITION_7204, until: '2027-01-01' },
      { row: '3.2', baseRateMinor: 879_410, from: '2027-01-01', until: null },
      sinceEdition('4.1', 341_270),
      sinceEdition('4.2', 436_585),
      sinceEdition('5', 301_925),
      sinceEdition('6', 198_640),
      sinceEdition('7', 143_215),
    ],
  },
  travel: {
    commissionRateBps: 2_435,
    terms: {
      dailyRateMinor: 8_360,
      territory: { cis: '0.72', schengen: '1', asia: '1.31', world: '1.52', 'usa-canada': '2.44' },
      sumInsuredEur: { '30000': '1', '50000': '1.23', '100000': '1.64' },
      activity: { none: '1', sport: '1.85' },
      age: [
        { upTo: 3, factor: '1.58' },
        { upTo: 17, factor: '0.88' },
        { upTo: 64, factor: '1' },
        { upTo: 75, factor: '2.08' },
      ],
      days: [
        { upTo: 15, factor: '1' },
        { upTo: 30, factor: '0.94' },
        { upTo: 180, factor: '0.86' },
        { upTo: 365, factor: '0.77' },
      ],
    },
  },
  life: {
    commissionRateBps: 2_870,
    terms: {
      ratePerMille: '2.93',
      age: [
        { upTo: 30, factor: '1' },
        { upTo: 40, factor: '1.42' },
        { upTo: 50, factor: '2.36' },
        { upTo: 60, factor: '3.9' },
        { upTo: 65, factor: '5.15' },
      ],
      sex: { female: '0.86', male: '1.12' },
      smoker: { yes: '1.72', no: '1' },
      occupation: { office: '1', manual: '1.34', hazardous: '2.18' },
      years: [
        { upTo: 5, factor: '1' },
        { upTo: 15, factor: '0.95' },
        { upTo: 25, factor: '0.89' },
      ],
      sumInsured: [
        { upTo: 2_000_000, factor: '1' },
        { upTo: 8_000_000, factor: '0.96' },
        { upTo: 25_000_000, factor: '0.91' },
      ],
      maxAgeAtEnd: 70,
    },
  },
});

/** Neva: GraphQL with unions, kopecks and per mille as strings, ISO dates with the last day included, limit and offset. */
export const neva: Simulator = {
  id: 'neva',
  book,
  serve: (sold) =>
    graphqlEndpoint(
      [
        {
          query: MTPL,
          resolve: ({ limit, offset }) => {
            if (Number(limit) < 1 || Number(offset) < 0)
              return { problem: 'limit must be positive, offset not negative' };
            return { data: { product: mtpl(sold.osago, { limit: Number(limit), offset: Number(offset) }) } };
          },
        },
        { query: TRAVEL, resolve: () => ({ data: { product: product('TRAVEL', sold.travel, travel) } }) },
        { query: LIFE, resolve: () => ({ data: { product: product('LIFE', sold.life, life) } }) },
      ],
      'application/graphql-response+json',
    ),
};

function mtpl({ commissionRateBps, rates }: Book['osago'], { limit, offset }: { limit: number; offset: number }) {
  return {
    __typename: 'MtplProduct',
    edition: editionOf({ commissionRateBps, rates }),
    rewardPerMille: String(commissionRateBps / 10),
    rates: {
      totalCount: rates.length,
      nodes: rates.slice(offset, offset + Math.min(limit, MAX_LIMIT)).map(({ row, baseRateMinor, from, until }) => ({
        vehicle: VEHICLES[row] ?? row,
        priceKopecks: String(baseRateMinor),
        period: { firstDay: from, lastDay: until === null ? null : dayBefore(until) },
      })),
    },
  };
}

function product<Terms>(kind: 'TRAVEL' | 'LIFE', sold: Sold<Terms> | undefined, fields: (terms: Terms) => object) {
  if (sold === undefined) return { __typename: 'ProductNotSold', kind, message: 'Продажи прекращены' };
  return {
    __typename: kind === 'TRAVEL' ? 'TravelProduct' : 'LifeProduct',
    rewardPerMille: String(sold.commissionRateBps / 10),
    ...fields(sold.terms),
  };
}

const travel = ({ dailyRateMinor, territory, sumInsuredEur, activity, age, days }: TravelTerms) => ({
  dayKopecks: String(dailyRateMinor),
  area: {
    cis: perMille(territory.cis),
    schengen: perMille(territory.schengen),
    asia: perMille(territory.asia),
    worldWithoutNorthAmerica: perMille(territory.world),
    wholeWorld: perMille(territory['usa-canada']),
  },
  cover: {
    eur30k: perMille(sumInsuredEur['30000']),
    eur50k: perMille(sumInsuredEur['50000']),
    eur100k: perMille(sumInsuredEur['100000']),
  },
  leisure: { calm: perMille(activity.none), sport: perMille(activity.sport), extreme: perMille(activity.extreme) },
  ageBands: bands(age),
  dayBands: bands(days),
});

const life = ({ ratePerMille, age, sex, smoker, occupation, years, sumInsured, maxAgeAtEnd }: LifeTerms) => ({
  annualRatePerMille: ratePerMille,
  ageBands: bands(age),
  sex: { women: perMille(sex.female), men: perMille(sex.male) },
  smoking: { smoker: perMille(smoker.yes), nonSmoker: perMille(smoker.no) },
  work: {
    office: perMille(occupation.office),
    manual: perMille(occupation.manual),
    hazardous: perMille(occupation.hazardous),
  },
  termBands: bands(years),
  sumBands: bands(sumInsured.map(({ upTo, factor }) => ({ upTo: upTo * 100, factor }))).map((band) => ({
    fromKopecks: String(band.from),
    toKopecks: String(band.to),
    perMille: band.perMille,
  })),
  oldestAtEnd: maxAgeAtEnd,
});

/** Null: not insured. */
const perMille = (factor: string | undefined) =>
  factor === undefined ? null : String(Math.round(Number(factor) * 10_000) / 10);

const bands = (list: readonly { upTo: number; factor: string }[]) =>
  list.map(({ upTo, factor }, index) => ({
    from: index === 0 ? 0 : (list[index - 1]?.upTo ?? 0) + 1,
    to: upTo,
    perMille: perMille(factor),
  }));

const dayBefore = (isoDate: string) => new Date(Date.parse(isoDate) - DAY_MS).toISOString().slice(0, 10);
