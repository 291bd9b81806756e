import type { Bands, LifeTerms } from '#contracts/tariff.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, sinceEdition } from './simulator.ts';
import { decimal, tenThousandths } from './soap/decimal.ts';
import { type Answer, type Call, soapService } from './soap/service.ts';
import { NAMESPACE, yeniseiWsdl } from './soap/yenisei-wsdl.ts';

const DAY_MS = 86_400_000;

const TARIFFS: Record<string, string> = {
  '1': 'A',
  '2.1': 'B1',
  '2.2': 'B2',
  '2.3': 'B3',
  '3.1': 'C1',
  '3.2': 'C2',
  '4.1': 'D1',
  '4.2': 'D2',
  '4.3': 'D3',
  '5': 'E1',
  '6': 'E2',
  '7': 'F',
};

const book = (): Book => ({
  osago: {
    commissionRateBps: 690,
    rates: [
      sinceEdition('1', 156_075),
      sinceEdition('2.1', 297_410),
      { row: '2.2', baseRateMinor: 512_240, from: EDITION_7204, until: '2026-10-01' },
      { row: '2.2', baseRateMinor: 548_965, from: '2026-10-01', until: null },
      sinceEdition('2.3', 1_102_350),
      sinceEdition('3.1', 565_830),
      sinceEdition('3.2', 846_205),
      sinceEdition('4.1', 432_920),
      sinceEdition('4.2', 547_305),
      sinceEdition('4.3', 702_145),
      { row: '5', baseRateMinor: 309_580, from: EDITION_7204, until: '2027-01-15' },
      { row: '5', baseRateMinor: 322_770, from: '2027-01-15', until: null },
      sinceEdition('6', 214_690),
    ],
  },
  life: {
    commissionRateBps: 1_975,
    terms: {
      ratePerMille: '2.36',
      age: [
        { upTo: 30, factor: '1' },
        { upTo: 35, factor: '1.16' },
        { upTo: 45, factor: '1.68' },
        { upTo: 55, factor: '2.87' },
        { upTo: 70, factor: '5.64' },
      ],
      sex: { female: '0.91', male: '1.05' },
      smoker: { yes: '1.56', no: '1' },
      occupation: { office: '1', manual: '1.33', hazardous: '2.41' },
      years: [
        { upTo: 3, factor: '1' },
        { upTo: 12, factor: '0.96' },
        { upTo: 20, factor: '0.92' },
        { upTo: 30, factor: '0.87' },
      ],
      sumInsured: [
        { upTo: 1_000_000, factor: '1.08' },
        { upTo: 5_000_000, factor: '1' },
        { upTo: 15_000_000, factor: '0.93' },
      ],
      maxAgeAtEnd: 75,
    },
  },
});

/** Yenisei: SOAP 1.1 of attributes, an operation for each product, no pages but a total, thresholds, all in per cent. */
export const yenisei: Simulator = {
  id: 'yenisei',
  book,
  serve: (sells) =>
    soapService({
      path: '/b2b/PriceList.svc',
      namespace: NAMESPACE,
      wsdl: yeniseiWsdl,
      operations: {
        [`${NAMESPACE}/IPriceList/OsagoPriceList`]: {
          request: 'OsagoPriceList',
          answer: (call) => toAgent(call, () => osagoXml(sells)),
        },
        [`${NAMESPACE}/IPriceList/LifePriceList`]: {
          request: 'LifePriceList',
          answer: (call) => toAgent(call, () => lifeXml(sells)),
        },
      },
    }),
};

function toAgent(call: Call, write: () => string): Answer {
  if (!/^[a-z]{1,32}$/.test(String(call['@agent'] ?? ''))) return { refusal: 'Attribute agent is missing or wrong' };
  return { body: write() };
}

/** One price list for all products: its mark is that of the whole book. */
const listOf = (sells: Book) => `list="${editionOf(sells)}"`;

function osagoXml(sells: Book): string {
  const { commissionRateBps, rates } = sells.osago;
  return `<OsagoPriceListResponse xmlns="${NAMESPACE}" ${listOf(sells)} commission="${hundredths(commissionRateBps)}" total="${rates.length}">
${rates.map(line).join('\n')}
</OsagoPriceListResponse>`;
}

function line({ row, baseRateMinor, from, until }: Rate): string {
  const till = until === null ? '' : ` till="${compact(dayBefore(until))}"`;
  return `<line tariff="${TARIFFS[row] ?? row}" rub="${hundredths(baseRateMinor)}" since="${compact(from)}"${till}/>`;
}

function lifeXml(sells: Book): string {
  if (sells.life === undefined) return `<LifePriceListResponse xmlns="${NAMESPACE}" ${listOf(sells)} onSale="false"/>`;
  const { commissionRateBps, terms } = sells.life;
  const rows = lifeRows(terms);
  const perMillion = decimal(tenThousandths(terms.ratePerMille), { places: 1 });
  return `<LifePriceListResponse xmlns="${NAMESPACE}" ${listOf(sells)} onSale="true" commission="${hundredths(commissionRateBps)}" total="${rows.length}" perMillion="${perMillion}" ageAtEnd="${terms.maxAgeAtEnd}">
${rows.join('\n')}
</LifePriceListResponse>`;
}

function lifeRows(terms: LifeTerms): string[] {
  return [
    ...factors('SEX', [
      ['F', terms.sex.female],
      ['M', terms.sex.male],
    ]),
    ...factors('SMOKER', [
      ['Y', terms.smoker.yes],
      ['N', terms.smoker.no],
    ]),
    ...factors('WORK', [
      ['1', terms.occupation.office],
      ['2', terms.occupation.manual],
      ['3', terms.occupation.hazardous],
    ]),
    ...thresholds('AGE', terms.age),
    ...thresholds('TERM', terms.years),
    ...thresholds('SUM', terms.sumInsured),
  ];
}

const factors = (group: string, values: [code: string, factor: string | undefined][]) =>
  values.flatMap(([code, factor]) =>
    factor === undefined ? [] : `<factor group="${group}" code="${code}" percent="${percent(factor)}"/>`,
  );

/** Each holds until the next; the last begins what is declined. */
function thresholds(group: string, bands: Bands): string[] {
  const starts = [0, ...bands.map(({ upTo }) => upTo + 1)];
  return starts.map((from, index) => {
    const band = bands[index];
    return `<threshold group="${group}" from="${from}" ${band ? `percent="${percent(band.factor)}"` : 'decline="true"'}/>`;
  });
}

const percent = (factor: string) => hundredths(tenThousandths(factor));
const hundredths = (units: number) => decimal(units, { places: 2 });
const compact = (isoDate: string) => isoDate.replaceAll('-', '');
const dayBefore = (isoDate: string) => new Date(Date.parse(isoDate) - DAY_MS).toISOString().slice(0, 10);
