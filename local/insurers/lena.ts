import type { Bands, LifeTerms, TravelTerms } from '#contracts/tariff.ts';
import { type Book, EDITION_7204, editionOf, type Rate, type Simulator, sinceEdition } from './simulator.ts';
import { decimal, tenThousandths } from './soap/decimal.ts';
import { lenaWsdl, MESSAGES, TYPES } from './soap/lena-wsdl.ts';
import { type Answer, type Call, soapService } from './soap/service.ts';

const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const ROWS_ON_A_PAGE = 7;

const VEHICLES: Record<string, string> = {
  '1': 'MOTO',
  '2.1': 'LEGK_YUL',
  '2.2': 'LEGK_FL',
  '2.3': 'LEGK_TAKSI',
  '3.1': 'GRUZ_DO_16T',
  '3.2': 'GRUZ_SV_16T',
  '4.1': 'AVTOBUS_D1',
  '4.2': 'AVTOBUS',
  '4.3': 'AVTOBUS_REG',
  '5': 'TROLLEIBUS',
  '6': 'TRAMVAI',
  '7': 'TRAKTOR',
};

const CODES: Record<string, string> = {
  cis: 'SNG',
  schengen: 'SHENGEN',
  asia: 'AZIYA',
  world: 'MIR',
  'usa-canada': 'MIR_USA',
  '30000': '30T',
  '50000': '50T',
  '100000': '100T',
  none: 'OTDYH',
  sport: 'SPORT',
  extreme: 'EKSTRIM',
  female: 'ZH',
  male: 'M',
  yes: 'DA',
  no: 'NET',
  office: 'OFIS',
  manual: 'TRUD',
  hazardous: 'RISK',
};

const book = (): Book => ({
  osago: {
    commissionRateBps: 780,
    rates: [
      { row: '2.2', baseRateMinor: 441_010, from: '2022-09-13', until: EDITION_7204 },
      { row: '2.2', baseRateMinor: 473_155, from: EDITION_7204, until: '2027-04-01' },
      { row: '2.2', baseRateMinor: 495_880, from: '2027-04-01', until: null },
      sinceEdition('2.1', 260_320),
      sinceEdition('2.3', 984_510),
      sinceEdition('1', 187_140),
      sinceEdition('3.1', 487_065),
      sinceEdition('3.2', 731_590),
      sinceEdition('4.1', 374_535),
      sinceEdition('4.2', 496_115),
      sinceEdition('5', 254_005),
      sinceEdition('6', 195_575),
      sinceEdition('7', 126_620),
    ],
  },
  travel: {
    commissionRateBps: 2_780,
    terms: {
      dailyRateMinor: 9_640,
      territory: { cis: '0.74', schengen: '1', asia: '1.13', world: '1.36', 'usa-canada': '2.28' },
      sumInsuredEur: { '30000': '1', '50000': '1.19', '100000': '1.57' },
      activity: { none: '1', sport: '1.72', extreme: '3.15' },
      age: [
        { upTo: 2, factor: '1.55' },
        { upTo: 17, factor: '0.93' },
        { upTo: 64, factor: '1' },
        { upTo: 74, factor: '2.04' },
      ],
      days: [
        { upTo: 14, factor: '1' },
        { upTo: 31, factor: '0.96' },
        { upTo: 92, factor: '0.89' },
        { upTo: 365, factor: '0.79' },
      ],
    },
  },
  life: {
    commissionRateBps: 2_265,
    terms: {
      ratePerMille: '3.12',
      age: [
        { upTo: 30, factor: '1' },
        { upTo: 38, factor: '1.21' },
        { upTo: 47, factor: '1.79' },
        { upTo: 57, factor: '3.08' },
        { upTo: 65, factor: '4.62' },
      ],
      sex: { female: '0.84', male: '1.11' },
      smoker: { yes: '1.74', no: '1' },
      occupation: { office: '1', manual: '1.19' },
      years: [
        { upTo: 5, factor: '1' },
        { upTo: 10, factor: '0.97' },
        { upTo: 25, factor: '0.91' },
      ],
      sumInsured: [
        { upTo: 1_500_000, factor: '1.04' },
        { upTo: 20_000_000, factor: '1' },
      ],
      maxAgeAtEnd: 68,
    },
  },
});

/** Lena: SOAP 1.1 in two namespaces, roubles and per cent with a comma, Yakutsk time, numbered pages, nil when not sold. */
export const lena: Simulator = {
  id: 'lena',
  book,
  serve: (sells) =>
    soapService({
      path: '/services/Tarify',
      namespace: MESSAGES,
      wsdl: lenaWsdl,
      operations: {
        [`${MESSAGES}/PoluchitTarify`]: { request: 'ZaprosTarifov', answer: (call) => tariff(sells, call) },
      },
    }),
};

function tariff({ osago, travel, life }: Book, { Produkt, NomerStranicy }: Call): Answer {
  const number = /^[1-9]\d{0,3}$/.test(String(NomerStranicy)) ? Number(NomerStranicy) : undefined;
  if (number === undefined) return { refusal: 'NomerStranicy: nevernoe znachenie' };
  if (Produkt === 'OSAGO') return answer({ ...osago, rows: osago.rates.map(rate) }, number);
  if (Produkt === 'VZR') return answer(travel && { ...travel, ...travelXml(travel.terms) }, number);
  if (Produkt === 'ZHIZN') return answer(life && { ...life, ...lifeXml(life.terms) }, number);
  return { refusal: 'Produkt: nevernoe znachenie' };
}

interface Sold {
  commissionRateBps: number;
  conditions?: string;
  rows: string[];
}

function answer(sold: Sold | undefined, number: number): Answer {
  const rows = sold?.rows ?? [];
  const pages = Math.ceil(rows.length / ROWS_ON_A_PAGE);
  if (number > Math.max(pages, 1)) return { refusal: 'NomerStranicy: takoi stranicy net' };
  const inside =
    sold === undefined
      ? `<m:Tarif xmlns:xsi="${INSTANCE}" xsi:nil="true"/>`
      : `<m:Tarif KomissiyaProcent="${withComma(sold.commissionRateBps)}">
${[sold.conditions ?? '', ...rows.slice((number - 1) * ROWS_ON_A_PAGE, number * ROWS_ON_A_PAGE)].join('\n')}
</m:Tarif>`;
  return {
    body: `<m:OtvetTarify xmlns:m="${MESSAGES}" xmlns:t="${TYPES}" Redakciya="${editionOf(sold ?? null)}" Stranica="${number}" VsegoStranic="${pages}" VsegoStrok="${rows.length}">
${inside}</m:OtvetTarify>`,
  };
}

/** Midnight in Moscow is six in the morning in Yakutsk; the last second is included. */
function rate({ row, baseRateMinor, from, until }: Rate): string {
  const end = until === null ? '' : ` Po="${until}T05:59:59+09:00"`;
  return `<t:Stavka TipTS="${VEHICLES[row] ?? row}" Rub="${withComma(baseRateMinor)}" S="${from}T06:00:00+09:00"${end}/>`;
}

function travelXml(terms: TravelTerms) {
  return {
    conditions: `<t:Usloviya StavkaVDenRub="${withComma(terms.dailyRateMinor)}"/>`,
    rows: [
      ...codes('Territoriya', terms.territory),
      ...codes('SummaEvro', terms.sumInsuredEur),
      ...codes('Aktivnost', terms.activity),
      scale('Vozrast', terms.age),
      scale('Dnei', terms.days),
    ],
  };
}

/** Per mille is as many hundreds of roubles for 100,000. */
function lifeXml(terms: LifeTerms) {
  const roubles = withComma(tenThousandths(terms.ratePerMille));
  return {
    conditions: `<t:Usloviya RubNa100000="${roubles}" VozrastOkonchaniya="${terms.maxAgeAtEnd}"/>`,
    rows: [
      ...codes('Pol', terms.sex),
      ...codes('Kurenie', terms.smoker),
      ...codes('Zanyatie', terms.occupation),
      scale('Vozrast', terms.age),
      scale('SrokLet', terms.years),
      scale('SummaRub', terms.sumInsured),
    ],
  };
}

const codes = (name: string, values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(
    ([value, factor]) =>
      `<t:Koefficient Imya="${name}" Kod="${CODES[value] ?? value}" K="${factor.replace('.', ',')}"/>`,
  );

/** Upper bounds that are themselves outside. */
function scale(name: string, bands: Bands): string {
  const bounds = bands.map(({ upTo }) => upTo + 1).join(';');
  const factors = bands.map(({ factor }) => factor.replace('.', ',')).join(';');
  return `<t:Shkala Imya="${name}" Menee="${bounds}" K="${factors}"/>`;
}

const withComma = (hundredths: number) => decimal(hundredths, { places: 2, mark: ',' });
