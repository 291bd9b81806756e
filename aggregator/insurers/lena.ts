import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { Bands } from '#contracts/tariff.ts';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import { readPages } from '../protocols/read-pages.ts';
import { readShape } from '../protocols/read-shape.ts';
import { callSoap, elements } from '../protocols/soap.ts';
import type { CollectedTariff, Insurer, InsurerContext } from './insurer.ts';
import { coefficients } from './reading/coefficients.ts';
import { everyRow } from './reading/every-row.ts';
import { factor } from './reading/factor.ts';
import { hundredths } from './reading/hundredths.ts';
import { osagoTariff, rowOf } from './reading/osago-tariff.ts';
import { whole } from './reading/whole.ts';

const MESSAGES = 'http://ws.lena-strah.example/tarify/2';
const TYPES = 'http://ws.lena-strah.example/tipy/2';
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';
const SECOND_MS = 1_000;

const Vehicle = rowOf({
  MOTO: '1',
  LEGK_YUL: '2.1',
  LEGK_FL: '2.2',
  LEGK_TAKSI: '2.3',
  GRUZ_DO_16T: '3.1',
  GRUZ_SV_16T: '3.2',
  AVTOBUS_D1: '4.1',
  AVTOBUS: '4.2',
  AVTOBUS_REG: '4.3',
  TROLLEIBUS: '5',
  TRAMVAI: '6',
  TRAKTOR: '7',
});

const Kopecks = hundredths(',').pipe(z.int().positive());
const Moment = z.iso.datetime({ offset: true, local: false }).transform((text) => Date.parse(text));

/** `Po` is the last second of the rate. */
const Stavka = z
  .object({ '@TipTS': Vehicle, '@Rub': Kopecks, '@S': Moment, '@Po': Moment.optional() })
  .transform((rate) => ({
    row: rate['@TipTS'],
    baseRateMinor: rate['@Rub'],
    fromMs: rate['@S'],
    untilMs: rate['@Po'] === undefined ? null : rate['@Po'] + SECOND_MS,
  }));

const Koefficient = z
  .object({ '@Imya': z.string(), '@Kod': z.string(), '@K': factor(',') })
  .transform((row) => ({ table: row['@Imya'], code: row['@Kod'], factor: row['@K'] }));

const list = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .transform((text) => text.split(';'))
    .pipe(z.array(item));

/** Coefficients of what is less than a bound, and not less than the one before. */
const Shkala = z
  .object({ '@Imya': z.string(), '@Menee': list(whole), '@K': list(factor(',')) })
  .refine((scale) => scale['@Menee'].length === scale['@K'].length, {
    path: ['@K'],
    message: 'must be one for each bound',
  })
  .transform((scale) => ({
    table: scale['@Imya'],
    bands: scale['@K'].map((value, index) => ({ upTo: (scale['@Menee'][index] ?? 0) - 1, factor: value })),
  }));

/** Nil is a tariff that is not sold: it has no content (XML Schema, part 1, section 2.6.2), and what it had would contradict it. */
const Tarif = z.preprocess(
  (value) => ({ '@xsi:nil': 'false', ...Object(value) }),
  z.discriminatedUnion('@xsi:nil', [
    z.object({
      '@xsi:nil': z.literal(['false', '0']),
      '@KomissiyaProcent': hundredths(',').pipe(RateBps),
      't:Usloviya': z.unknown().optional(),
      't:Stavka': elements(Stavka),
      't:Koefficient': elements(Koefficient),
      't:Shkala': elements(Shkala),
    }),
    z.strictObject({ '@xsi:nil': z.literal(['true', '1']) }).transform(() => undefined),
  ]),
);

const Otvet = z
  .object({
    '@Redakciya': z.string().min(1).max(64),
    '@Stranica': whole,
    '@VsegoStranic': whole,
    '@VsegoStrok': whole,
    Tarif,
  })
  .transform(({ Tarif: tarif, ...answer }) => ({
    edition: answer['@Redakciya'],
    page: String(answer['@Stranica']),
    next: answer['@Stranica'] < answer['@VsegoStranic'] ? String(answer['@Stranica'] + 1) : undefined,
    total: answer['@VsegoStrok'],
    commissionRateBps: tarif?.['@KomissiyaProcent'],
    conditions: tarif?.['t:Usloviya'],
    rows: tarif ? [...tarif['t:Stavka'], ...tarif['t:Koefficient'], ...tarif['t:Shkala']] : [],
  }));

const Scale = z.tuple([z.object({ bands: Bands })]).transform(([{ bands }]) => bands);

const Vzr = z
  .strictObject({
    Usloviya: z.object({ '@StavkaVDenRub': Kopecks.pipe(z.int().max(10_000_000)) }),
    Territoriya: coefficients({ SNG: 'cis', SHENGEN: 'schengen', AZIYA: 'asia', MIR: 'world', MIR_USA: 'usa-canada' }),
    SummaEvro: coefficients({ '30T': '30000', '50T': '50000', '100T': '100000' }),
    Aktivnost: coefficients({ OTDYH: 'none', SPORT: 'sport', EKSTRIM: 'extreme' }),
    Vozrast: Scale,
    Dnei: Scale,
  })
  .transform((tariff) => ({
    dailyRateMinor: tariff.Usloviya['@StavkaVDenRub'],
    territory: tariff.Territoriya,
    sumInsuredEur: tariff.SummaEvro,
    activity: tariff.Aktivnost,
    age: tariff.Vozrast,
    days: tariff.Dnei,
  }));

const Zhizn = z
  .strictObject({
    Usloviya: z.object({
      '@RubNa100000': factor(',', { shift: 2 }),
      '@VozrastOkonchaniya': whole.pipe(z.int().positive()),
    }),
    Pol: coefficients({ ZH: 'female', M: 'male' }),
    Kurenie: coefficients({ DA: 'yes', NET: 'no' }),
    Zanyatie: coefficients({ OFIS: 'office', TRUD: 'manual', RISK: 'hazardous' }),
    Vozrast: Scale,
    SrokLet: Scale,
    SummaRub: Scale,
  })
  .transform((tariff) => ({
    ratePerMille: tariff.Usloviya['@RubNa100000'],
    age: tariff.Vozrast,
    sex: tariff.Pol,
    smoker: tariff.Kurenie,
    occupation: tariff.Zanyatie,
    years: tariff.SrokLet,
    sumInsured: tariff.SummaRub,
    maxAgeAtEnd: tariff.Usloviya['@VozrastOkonchaniya'],
  }));

interface Service {
  ctx: InsurerContext;
  url: string;
}

type Produkt = 'OSAGO' | 'VZR' | 'ZHIZN';

async function readPage({ ctx, url }: Service, { product, page }: { product: Produkt; page: string }) {
  const answer = await callSoap(ctx, {
    url,
    action: `${MESSAGES}/PoluchitTarify`,
    body: `<ZaprosTarifov xmlns="${MESSAGES}"><Produkt>${product}</Produkt><NomerStranicy>${page}</NomerStranicy></ZaprosTarifov>`,
    namespace: MESSAGES,
    others: { [TYPES]: 't:', [INSTANCE]: 'xsi:' },
    answer: 'OtvetTarify',
    schema: Otvet,
  });
  if (answer.page === page) return answer;
  throw new InsurerReplyError('paging', `page ${answer.page} came, ${page} was asked for`);
}

/** A product's rows and conditions, or nothing when its tariff is nil. */
async function readTarif(service: Service, product: Produkt) {
  const pages = await readPages((page = '1') => readPage(service, { product, page }));
  const [{ commissionRateBps, conditions }] = pages;
  const rows = everyRow(pages);
  return commissionRateBps === undefined ? undefined : { commissionRateBps, conditions, rows };
}

async function readOsago(service: Service): Promise<CollectedTariff> {
  const read = await readTarif(service, 'OSAGO');
  if (read === undefined) throw new InsurerReplyError('tariff', 'OSAGO is nil');
  const rates = read.rows.filter((row) => 'row' in row);
  return osagoTariff(rates, { commissionRateBps: read.commissionRateBps, now: service.ctx.now() });
}

async function readProduct<Schema extends z.ZodType>(
  service: Service,
  { product, schema }: { product: Produkt; schema: Schema },
): Promise<{ commissionRateBps: number; terms: z.output<Schema> } | undefined> {
  const read = await readTarif(service, product);
  if (read === undefined) return undefined;
  const tables = Object.groupBy(read.rows, (row) => ('table' in row ? row.table : 'Stavka'));
  const terms = readShape(schema, { ...tables, Usloviya: read.conditions });
  return { commissionRateBps: read.commissionRateBps, terms };
}

export default {
  id: 'lena',
  protocol: 'soap',
  async collect(ctx, baseUrl) {
    const service = { ctx, url: `${baseUrl}/services/Tarify` };
    const osago = await readOsago(service);
    const travel = await readProduct(service, { product: 'VZR', schema: Vzr });
    const life = await readProduct(service, { product: 'ZHIZN', schema: Zhizn });
    return [
      osago,
      ...(travel ? [{ product: 'travel' as const, ...travel }] : []),
      ...(life ? [{ product: 'life' as const, ...life }] : []),
    ];
  },
} satisfies Insurer;
