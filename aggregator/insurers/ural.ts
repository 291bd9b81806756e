import { z } from 'zod';
import { RateBps } from '#contracts/money.ts';
import { readPages } from '../protocols/read-pages.ts';
import { callSoap, elements } from '../protocols/soap.ts';
import type { Insurer } from './insurer.ts';
import { moscowDayMs } from './moscow-day.ts';
import { osagoTariff, rowOf } from './osago-tariff.ts';

const NAMESPACE = 'urn:ural-garant:tariffs:1';
const PAGE_SIZE = 50;

const VehicleClass = rowOf({
  A: '1',
  'B-UL': '2.1',
  'B-FL': '2.2',
  'B-TAXI': '2.3',
  'C-16': '3.1',
  'C-16P': '3.2',
  D1: '4.1',
  D: '4.2',
  'D-REG': '4.3',
  TB: '5',
  TM: '6',
  SPEC: '7',
});

const Count = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a count')
  .transform(Number);
const Kopecks = z
  .string()
  .regex(/^[1-9]\d{0,11}$/, 'must be whole kopecks')
  .transform(Number);

/** Per mille with at most one place, as basis points. */
const PerMille = z
  .string()
  .regex(/^\d{1,4}(\.\d)?$/, 'must be per mille with at most one place')
  .transform((text) => Number(text.includes('.') ? text.replace('.', '') : `${text}0`))
  .pipe(RateBps);

/** `ValidUntil` is the first day on which the rate no longer holds. */
const Rate = z
  .object({
    '@class': VehicleClass,
    BaseRate: z.object({ '@unit': z.literal('kopeck'), '#text': Kopecks }),
    ValidFrom: z.iso.date().transform(moscowDayMs),
    ValidUntil: z.iso.date().transform(moscowDayMs).optional(),
  })
  .transform((rate) => ({
    row: rate['@class'],
    baseRateMinor: rate.BaseRate['#text'],
    fromMs: rate.ValidFrom,
    untilMs: rate.ValidUntil ?? null,
  }));

const TariffsAnswer = z
  .object({
    Edition: z.string().min(1).max(64),
    CommissionPerMille: PerMille,
    Offset: Count,
    Total: Count,
    Rate: elements(Rate),
  })
  .transform((answer) => ({
    edition: answer.Edition,
    next: answer.Offset + answer.Rate.length < answer.Total ? String(answer.Offset + answer.Rate.length) : undefined,
    commissionRateBps: answer.CommissionPerMille,
    rates: answer.Rate,
  }));

const request = (offset: string) =>
  `<GetTariffs xmlns="${NAMESPACE}"><Product>OSAGO</Product><Offset>${offset}</Offset><Limit>${PAGE_SIZE}</Limit></GetTariffs>`;

export default {
  id: 'ural',
  protocol: 'soap',
  async collect(ctx, baseUrl) {
    const pages = await readPages((offset = '0') =>
      callSoap(ctx, {
        url: `${baseUrl}/ws/TariffService`,
        action: `${NAMESPACE}#GetTariffs`,
        body: request(offset),
        namespace: NAMESPACE,
        answer: 'GetTariffsResponse',
        schema: TariffsAnswer,
      }),
    );
    const [{ commissionRateBps }] = pages;
    return [
      osagoTariff(
        pages.flatMap(({ rates }) => rates),
        { commissionRateBps, now: ctx.now() },
      ),
    ];
  },
} satisfies Insurer;
