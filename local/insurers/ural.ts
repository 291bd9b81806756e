import type { Bands, LifeTerms, PropertyTerms } from '#contracts/tariff.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, type Sold, sinceEdition } from './simulator.ts';
import { decimal, tenThousandths } from './soap/decimal.ts';
import { type Answer, type Call, soapService } from './soap/service.ts';
import { NAMESPACE, uralWsdl } from './soap/ural-wsdl.ts';

const RATES_ON_A_PAGE = 5;
const COEFFICIENTS_ON_A_PAGE = 12;
const COUNT = /^\d{1,6}$/;

const CLASSES: Record<string, string> = {
  '1': 'A',
  '2.1': 'B-UL',
  '2.2': 'B-FL',
  '2.3': 'B-TAXI',
  '3.1': 'C-16',
  '3.2': 'C-16P',
  '4.1': 'D1',
  '4.2': 'D',
  '4.3': 'D-REG',
  '5': 'TB',
  '6': 'TM',
  '7': 'SPEC',
};

const book = (): Book => ({
  osago: {
    commissionRateBps: 605,
    rates: [
      sinceEdition('2.1', 218_840),
      { row: '2.2', baseRateMinor: 487_120, from: '2022-09-13', until: EDITION_7204 },
      sinceEdition('2.2', 524_300),
      { row: '2.3', baseRateMinor: 876_415, from: EDITION_7204, until: '2027-03-01' },
      { row: '2.3', baseRateMinor: 921_660, from: '2027-03-01', until: null },
      sinceEdition('1', 124_350),
      sinceEdition('3.1', 521_480),
      sinceEdition('3.2', 798_025),
      sinceEdition('4.1', 401_210),
      sinceEdition('4.2', 512_045),
      sinceEdition('4.3', 643_330),
      sinceEdition('5', 287_115),
      sinceEdition('7', 140_275),
    ],
  },
  property: {
    commissionRateBps: 2_150,
    terms: {
      ratePerMille: { flat: '2.85', house: '4.4' },
      material: { brick: '1', concrete: '0.95', wood: '1.52' },
      use: { own: '1', rented: '1.28' },
      alarm: { yes: '0.91', no: '1' },
      buildingAge: [
        { upTo: 10, factor: '0.92' },
        { upTo: 30, factor: '1' },
        { upTo: 60, factor: '1.18' },
        { upTo: 90, factor: '1.43' },
      ],
      sumInsured: [
        { upTo: 3_000_000, factor: '1.1' },
        { upTo: 10_000_000, factor: '1' },
        { upTo: 45_000_000, factor: '0.88' },
      ],
      minSumInsured: 320_000,
      months: [
        { upTo: 1, factor: '0.18' },
        { upTo: 3, factor: '0.37' },
        { upTo: 6, factor: '0.64' },
        { upTo: 9, factor: '0.84' },
        { upTo: 12, factor: '1' },
      ],
    },
  },
  life: {
    commissionRateBps: 2_420,
    terms: {
      ratePerMille: '2.65',
      age: [
        { upTo: 30, factor: '1' },
        { upTo: 40, factor: '1.32' },
        { upTo: 50, factor: '2.14' },
        { upTo: 60, factor: '3.61' },
        { upTo: 66, factor: '5.07' },
      ],
      sex: { female: '0.88', male: '1.07' },
      smoker: { yes: '1.63', no: '1' },
      occupation: { office: '1', manual: '1.27', hazardous: '2.15' },
      years: [
        { upTo: 4, factor: '1' },
        { upTo: 14, factor: '0.95' },
        { upTo: 30, factor: '0.89' },
      ],
      sumInsured: [
        { upTo: 2_000_000, factor: '1' },
        { upTo: 12_000_000, factor: '0.94' },
      ],
      maxAgeAtEnd: 71,
    },
  },
});

/** Ural: SOAP 1.1 with a WSDL, kopecks, commission per mille, pages by offset, ranges from-to, a status when withdrawn. */
export const ural: Simulator = {
  id: 'ural',
  book,
  serve: (sells) =>
    soapService({
      path: '/ws/TariffService',
      namespace: NAMESPACE,
      wsdl: uralWsdl,
      operations: {
        [`${NAMESPACE}#GetTariffs`]: { request: 'GetTariffs', answer: (call) => tariffs(sells, call) },
        [`${NAMESPACE}#GetCoefficients`]: {
          request: 'GetCoefficients',
          answer: (call) => allCoefficients(sells, call),
        },
      },
    }),
};

function tariffs({ osago }: Book, { Product, ...window }: Call): Answer {
  if (Product !== 'OSAGO') return { refusal: 'Unknown product' };
  const page = pageOf(osago.rates.map(rate), { ...window, most: RATES_ON_A_PAGE });
  if (page === undefined) return { refusal: 'Wrong Offset or Limit' };
  return {
    body: `<tns:GetTariffsResponse xmlns:tns="${NAMESPACE}"><tns:Edition>${editionOf(osago)}</tns:Edition>
${commission(osago)}
${page}</tns:GetTariffsResponse>`,
  };
}

function allCoefficients({ property, life }: Book, { Product, ...window }: Call): Answer {
  if (Product === 'PROPERTY') return product(property && { ...property, xml: propertyXml(property.terms) }, window);
  if (Product === 'LIFE') return product(life && { ...life, xml: lifeXml(life.terms) }, window);
  return { refusal: 'Unknown product' };
}

function product(sold: (Sold<unknown> & { xml: { terms: string; rows: string[] } }) | undefined, window: Call): Answer {
  const head = `<tns:GetCoefficientsResponse xmlns:tns="${NAMESPACE}"><tns:Edition>${editionOf(sold ?? null)}</tns:Edition>`;
  if (sold === undefined) return { body: `${head}<tns:Status>WITHDRAWN</tns:Status></tns:GetCoefficientsResponse>` };
  const page = pageOf(sold.xml.rows, { ...window, most: COEFFICIENTS_ON_A_PAGE });
  if (page === undefined) return { refusal: 'Wrong Offset or Limit' };
  return {
    body: `${head}<tns:Status>ON_SALE</tns:Status>${commission(sold)}
<tns:Terms>${sold.xml.terms}</tns:Terms>
${page}</tns:GetCoefficientsResponse>`,
  };
}

function pageOf(rows: readonly string[], { Offset, Limit, most }: Call & { most: number }): string | undefined {
  if (!COUNT.test(String(Offset)) || !COUNT.test(String(Limit))) return undefined;
  const first = Number(Offset);
  return [
    `<tns:Offset>${first}</tns:Offset><tns:Total>${rows.length}</tns:Total>`,
    ...rows.slice(first, first + Math.min(Number(Limit), most)),
  ].join('\n');
}

function rate({ row, baseRateMinor, from, until }: Rate): string {
  return [
    `<tns:Rate class="${CLASSES[row] ?? row}"><tns:BaseRate unit="kopeck">${baseRateMinor}</tns:BaseRate>`,
    `<tns:ValidFrom>${from}</tns:ValidFrom>`,
    until === null ? '' : `<tns:ValidUntil>${until}</tns:ValidUntil>`,
    '</tns:Rate>',
  ].join('');
}

function propertyXml(terms: PropertyTerms) {
  const { flat, house } = terms.ratePerMille;
  return {
    terms: `${annualRate('FLAT', flat)}${annualRate('HOUSE', house)}<tns:MinSum unit="kopeck">${terms.minSumInsured * 100}</tns:MinSum>`,
    rows: [
      ...codes('MATERIAL', terms.material),
      ...codes('USE', terms.use),
      ...codes('ALARM', terms.alarm),
      ...ranges('BUILDING_AGE', { bands: terms.buildingAge }),
      ...ranges('SUM', { bands: terms.sumInsured, unit: 100 }),
      ...ranges('MONTHS', { bands: terms.months }),
    ],
  };
}

function lifeXml(terms: LifeTerms) {
  return {
    terms: `${annualRate('PERSON', terms.ratePerMille)}<tns:MaxAgeAtEnd>${terms.maxAgeAtEnd}</tns:MaxAgeAtEnd>`,
    rows: [
      ...ranges('AGE', { bands: terms.age }),
      ...codes('SEX', terms.sex),
      ...codes('SMOKER', terms.smoker),
      ...codes('OCCUPATION', terms.occupation),
      ...ranges('YEARS', { bands: terms.years }),
      ...ranges('SUM', { bands: terms.sumInsured, unit: 100 }),
    ],
  };
}

/** Per mille is as many hundreds of kopecks for 1000 roubles. */
function annualRate(of: string, perMille: string | undefined): string {
  if (perMille === undefined) return '';
  const kopecks = decimal(tenThousandths(perMille), { places: 2 });
  return `<tns:AnnualRate of="${of}" unit="kopecks-for-1000-roubles">${kopecks}</tns:AnnualRate>`;
}

const codes = (table: string, values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([value, factor]) =>
    coefficient(table, { of: `<tns:Code>${value.toUpperCase()}</tns:Code>`, factor }),
  );

const ranges = (table: string, { bands, unit = 1 }: { bands: Bands; unit?: number }) =>
  bands.map(({ upTo, factor }, index) => {
    const before = bands[index - 1];
    const from = before === undefined ? 0 : before.upTo * unit + 1;
    return coefficient(table, { of: `<tns:From>${from}</tns:From><tns:To>${upTo * unit}</tns:To>`, factor });
  });

function coefficient(table: string, { of, factor }: { of: string; factor: string }): string {
  const value = decimal(tenThousandths(factor), { places: 4 });
  return `<tns:Coefficient table="${table}">${of}<tns:Value>${value}</tns:Value></tns:Coefficient>`;
}

function commission({ commissionRateBps }: { commissionRateBps: number }): string {
  return `<tns:CommissionPerMille>${decimal(commissionRateBps, { places: 1 })}</tns:CommissionPerMille>`;
}
