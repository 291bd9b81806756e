import type { PropertyTerms, TravelTerms } from '#contracts/tariff.ts';
import { graphqlEndpoint } from './graphql/endpoint.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, type Sold, sinceEdition } from './simulator.ts';

const MAX_PAGE_SIZE = 4;

const TARIFFS = `query AgentTariffs($first: Int!, $after: String) {
  agentTariffs(product: OSAGO, first: $first, after: $after) {
    edition commissionBasisPoints
    edges { node { vehicleClass baseRate { amount currency } validFrom validTo } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const TRAVEL = `query TravelTariffs {
  travelTariffs(first: 1) {
    totalCount
    edges { node {
      commissionBasisPoints dailyRate { amount currency }
      zones { zone basisPoints } limits { euros basisPoints } activities { activity basisPoints }
      travellerAge { lowerBounds basisPoints limit } tripDays { lowerBounds basisPoints limit }
    } }
  }
}`;

const PROPERTY = `query PropertyTariffs {
  propertyTariffs(first: 1) {
    totalCount
    edges { node {
      commissionBasisPoints
      ratesPer1000 { premises rate { amount currency } }
      walls { walls basisPoints } uses { use basisPoints } alarms { guarded basisPoints }
      buildingAge { lowerBounds basisPoints limit } sumInsured { lowerBounds basisPoints limit }
      lowestSumInsured { amount currency }
      months { lowerBounds basisPoints limit }
    } }
  }
}`;

const CLASSES: Record<string, string> = {
  '1': 'MOTORCYCLE',
  '2.1': 'CAR_COMPANY',
  '2.2': 'CAR_INDIVIDUAL',
  '2.3': 'CAR_TAXI',
  '3.1': 'TRUCK_TO_16T',
  '3.2': 'TRUCK_OVER_16T',
  '4.1': 'BUS_SMALL',
  '4.2': 'BUS',
  '4.3': 'BUS_REGULAR',
  '5': 'TROLLEYBUS',
  '6': 'TRAM',
  '7': 'SPECIAL_MACHINE',
};

const ZONES = { cis: 'CIS', schengen: 'SCHENGEN', asia: 'ASIA', world: 'WORLD_BUT_NA', 'usa-canada': 'WORLD' };
const ACTIVITIES = { none: 'QUIET', sport: 'AMATEUR_SPORT', extreme: 'EXTREME' };
const PREMISES = { flat: 'APARTMENT', house: 'DETACHED_HOUSE' };
const WALLS = { brick: 'BRICK', concrete: 'REINFORCED_CONCRETE', wood: 'TIMBER' };
const USES = { own: 'OWNER_LIVES', rented: 'LET' };
const GUARDED = { yes: true, no: false };

const book = (): Book => ({
  osago: {
    commissionRateBps: 925,
    rates: [
      sinceEdition('2.1', 265_090),
      { row: '2.2', baseRateMinor: 471_285, from: EDITION_7204, until: '2027-04-01' },
      { row: '2.2', baseRateMinor: 489_940, from: '2027-04-01', until: null },
      sinceEdition('2.3', 1_024_000),
      { row: '3.1', baseRateMinor: 548_375, from: EDITION_7204, until: '2026-08-01' },
      { row: '3.1', baseRateMinor: 571_160, from: '2026-08-01', until: null },
      sinceEdition('1', 118_045),
      sinceEdition('3.2', 903_520),
      sinceEdition('4.1', 372_685),
      sinceEdition('4.2', 461_930),
      sinceEdition('4.3', 658_415),
      sinceEdition('6', 217_365),
      sinceEdition('7', 161_870),
    ],
  },
  travel: {
    commissionRateBps: 2_750,
    terms: {
      dailyRateMinor: 9_745,
      territory: { cis: '0.78', schengen: '1.05', asia: '1.24', world: '1.47', 'usa-canada': '2.35' },
      sumInsuredEur: { '30000': '1', '50000': '1.19', '100000': '1.58' },
      activity: { none: '1', sport: '1.75', extreme: '3.15' },
      age: [
        { upTo: 2, factor: '1.65' },
        { upTo: 17, factor: '0.92' },
        { upTo: 64, factor: '1' },
        { upTo: 74, factor: '2.15' },
        { upTo: 80, factor: '3.4' },
      ],
      days: [
        { upTo: 10, factor: '1' },
        { upTo: 30, factor: '0.96' },
        { upTo: 90, factor: '0.91' },
        { upTo: 365, factor: '0.79' },
      ],
    },
  },
  property: {
    commissionRateBps: 2_225,
    terms: {
      ratePerMille: { flat: '2.68', house: '4.37' },
      material: { brick: '1', concrete: '0.96', wood: '1.55' },
      use: { own: '1', rented: '1.28' },
      alarm: { yes: '0.91', no: '1' },
      buildingAge: [
        { upTo: 10, factor: '0.94' },
        { upTo: 40, factor: '1' },
        { upTo: 90, factor: '1.22' },
      ],
      sumInsured: [
        { upTo: 3_000_000, factor: '1' },
        { upTo: 12_000_000, factor: '0.93' },
        { upTo: 45_000_000, factor: '0.87' },
      ],
      minSumInsured: 350_000,
      months: [
        { upTo: 1, factor: '0.17' },
        { upTo: 3, factor: '0.36' },
        { upTo: 6, factor: '0.62' },
        { upTo: 9, factor: '0.84' },
        { upTo: 12, factor: '1' },
      ],
    },
  },
});

/** Baikal: GraphQL, roubles with a point, moments with an offset, basis points, pages by an opaque cursor. */
export const baikal: Simulator = {
  id: 'baikal',
  book,
  serve: (sold) =>
    graphqlEndpoint([
      {
        query: TARIFFS,
        resolve: ({ first, after }) => {
          const offset = typeof after === 'string' ? offsetOf(after) : 0;
          if (Number(first) < 1) return { problem: 'first must be at least 1' };
          if (offset === undefined || offset > sold.osago.rates.length)
            return { problem: 'after is no cursor of this list' };
          return { data: { agentTariffs: page(sold.osago, { offset, first: Number(first) }) } };
        },
      },
      { query: TRAVEL, resolve: () => ({ data: { travelTariffs: connection(sold.travel, travelNode) } }) },
      { query: PROPERTY, resolve: () => ({ data: { propertyTariffs: connection(sold.property, propertyNode) } }) },
    ]),
};

function page({ commissionRateBps, rates }: Book['osago'], { offset, first }: { offset: number; first: number }) {
  const end = Math.min(offset + Math.min(first, MAX_PAGE_SIZE), rates.length);
  return {
    edition: editionOf({ commissionRateBps, rates }),
    commissionBasisPoints: commissionRateBps,
    edges: rates.slice(offset, end).map((rate) => ({ node: rateNode(rate) })),
    pageInfo: { hasNextPage: end < rates.length, endCursor: end > offset ? btoa(`rate:${end}`) : null },
  };
}

/** A product is sold by one tariff or, when it is off sale, by none. */
function connection<Terms>(sold: Sold<Terms> | undefined, node: (terms: Terms) => object) {
  if (sold === undefined) return { totalCount: 0, edges: [] };
  const { commissionRateBps, terms } = sold;
  return { totalCount: 1, edges: [{ node: { commissionBasisPoints: commissionRateBps, ...node(terms) } }] };
}

const rateNode = ({ row, baseRateMinor, from, until }: Rate) => ({
  vehicleClass: CLASSES[row] ?? row,
  baseRate: roubles(baseRateMinor),
  validFrom: `${from}T00:00:00+03:00`,
  validTo: until === null ? null : `${until}T00:00:00+03:00`,
});

const travelNode = (terms: TravelTerms) => ({
  dailyRate: roubles(terms.dailyRateMinor),
  zones: entries(terms.territory).map(([key, factor]) => ({ zone: ZONES[key], basisPoints: basisPoints(factor) })),
  limits: entries(terms.sumInsuredEur).map(([key, factor]) => ({
    euros: Number(key),
    basisPoints: basisPoints(factor),
  })),
  activities: entries(terms.activity).map(([key, factor]) => ({
    activity: ACTIVITIES[key],
    basisPoints: basisPoints(factor),
  })),
  travellerAge: steps(terms.age),
  tripDays: steps(terms.days),
});

const propertyNode = (terms: PropertyTerms) => ({
  ratesPer1000: entries(terms.ratePerMille).map(([key, amount]) => ({
    premises: PREMISES[key],
    rate: { amount, currency: 'RUB' },
  })),
  walls: entries(terms.material).map(([key, factor]) => ({ walls: WALLS[key], basisPoints: basisPoints(factor) })),
  uses: entries(terms.use).map(([key, factor]) => ({ use: USES[key], basisPoints: basisPoints(factor) })),
  alarms: entries(terms.alarm).map(([key, factor]) => ({ guarded: GUARDED[key], basisPoints: basisPoints(factor) })),
  buildingAge: steps(terms.buildingAge),
  sumInsured: steps(terms.sumInsured),
  lowestSumInsured: roubles(terms.minSumInsured * 100),
  months: steps(terms.months),
});

const entries = <Key extends string>(table: Partial<Record<Key, string>>) => Object.entries(table) as [Key, string][];
const basisPoints = (factor: string) => Math.round(Number(factor) * 10_000);

/** Each step by its lowest value; `limit` is the highest that is insured. */
const steps = (bands: readonly { upTo: number; factor: string }[]) => ({
  lowerBounds: [0, ...bands.slice(0, -1).map(({ upTo }) => upTo + 1)],
  basisPoints: bands.map(({ factor }) => basisPoints(factor)),
  limit: bands.at(-1)?.upTo,
});

function roubles(kopecks: number) {
  const rest = kopecks % 100;
  return { amount: `${(kopecks - rest) / 100}.${String(rest).padStart(2, '0')}`, currency: 'RUB' };
}

function offsetOf(cursor: string): number | undefined {
  const [, digits] = /^rate:(\d{1,6})$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
