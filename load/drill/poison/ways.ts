import type { Cancelled, Issued } from './policy.ts';

/** The event to be spoilt, by chance. */
export interface Victim {
  readonly event: Issued | Cancelled;
  readonly random: () => number;
}

/** Makes the record of an event that is malformed in one way. */
export type Way = (victim: Victim) => string | Buffer;
export type Ways = Readonly<Record<string, Way>>;

const MEGABYTE = 1_000_000;
/** Deeper than any recursion goes. */
const DEPTH = 50_000;

const whole: Way = ({ event }) => JSON.stringify(event);
const head =
  (changes: object): Way =>
  ({ event }) =>
    JSON.stringify({ ...event, ...changes });
const data =
  (changes: object): Way =>
  ({ event }) =>
    JSON.stringify({ ...event, data: { ...event.data, ...changes } });
const replaced =
  (what: string | RegExp, by: string): Way =>
  (victim) =>
    whole(victim)
      .toString()
      .replace(what, () => by);
/** Bytes that are no text, before a part of the record. */
const bytes =
  (part: string, ...wrong: number[]): Way =>
  (victim) => {
    const text = whole(victim).toString();
    const at = text.indexOf(part);
    return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from(wrong), Buffer.from(text.slice(at))]);
  };
/** Made unlike others by what JSON passes over. */
const padded =
  (value: string): Way =>
  ({ event }) =>
    value + ' '.repeat(event.sequence % 5_000) + '\n'.repeat(event.partition + 1);
const changed =
  (change: (text: string) => string): Way =>
  (victim) =>
    change(whole(victim).toString());
const money = (amountMinor: unknown, currency: unknown = 'RUB') => ({ amountMinor, currency });
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const without = (name: string) => head({ [name]: undefined });
const lacking = (name: string) => data({ [name]: undefined });
const named = <Key extends string>(what: string, keys: readonly Key[], way: (key: Key) => Way): Ways =>
  Object.fromEntries(keys.map((key) => [`${what} ${key}`, way(key)]));

/** No place and no policy can be read. */
export const UNREADABLE: Ways = {
  'not JSON': changed((text) => `<event>${text.slice(1, 200)}</event>`),
  blank: padded(''),
  null: padded('null'),
  'a number': padded('17'),
  'a text': padded('"policy.issued.v1"'),
  'an empty object': padded('{}'),
  'in an array': changed((text) => `[${text}]`),
  'a byte order mark before it': changed((text) => `\ufeff${text}`),
  'cut in its head': (victim) => {
    const text = whole(victim).toString();
    return text.slice(0, 1 + Math.floor(victim.random() * (text.indexOf(',"data":') - 1)));
  },
  'deep nesting': ({ event }) => nested(DEPTH + (event.sequence % 1_000)),
  'under the key __proto__': changed((text) => `{"__proto__":${text}}`),
  'a NUL byte in its head': bytes('"region"', 0),
  'a NUL in its aggregateId': replaced('"aggregateId":"msk-', '"aggregateId":"\\u0000msk-'),
  'half a character in its aggregateId': replaced('"aggregateId":"msk-', '"aggregateId":"\\ud800msk-'),
  'bytes that are no UTF-8 in its aggregateId': bytes('msk-', 0xff, 0xc0, 0x80),
  ...named(
    'without',
    ['eventId', 'aggregateId', 'aggregateVersion', 'region', 'partition', 'epoch', 'sequence', 'type'],
    without,
  ),
  'no id': head({ eventId: '' }),
  'the id 0': head({ eventId: '0' }),
  'the id of nobody': head({ eventId: '00000000-0000-0000-0000-000000000000' }),
  'the last id there can be': head({ eventId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }),
  'an id that is a number': head({ eventId: 17 }),
  'no aggregate': head({ aggregateId: '' }),
  'an aggregate with spaces': head({ aggregateId: 'msk- 1' }),
  'an aggregate too long': head({ aggregateId: 'm'.repeat(81) }),
  'version 0': head({ aggregateVersion: 0 }),
  'version "1"': head({ aggregateVersion: '1' }),
  'a region in capitals': head({ region: 'MSK' }),
  'partition -1': head({ partition: -1 }),
  'epoch 0': head({ epoch: 0 }),
  'epoch -1': head({ epoch: -1 }),
  'epoch 1.5': head({ epoch: 1.5 }),
  'epoch "1"': head({ epoch: '1' }),
  'epoch null': head({ epoch: null }),
  'an epoch of two million': head({ epoch: 2_000_000 }),
  'an epoch of 2^52': head({ epoch: 2 ** 52 }),
  'an epoch of 2^53 - 1': head({ epoch: 2 ** 53 - 1 }),
  'an epoch of 1e300': replaced(/"epoch":\d+/, '"epoch":1e300'),
  'an epoch of 1e999': replaced(/"epoch":\d+/, '"epoch":1e999'),
  'sequence 0': head({ sequence: 0 }),
  'sequence -5': head({ sequence: -5 }),
  'sequence 0.5': head({ sequence: 0.5 }),
  'a sequence of 1e300': replaced(/"sequence":\d+/, '"sequence":1e300'),
  'type 7': head({ type: 7 }),
};

export const OTHER_REGION: Ways = {
  'another region': head({ region: 'nsk' }),
  'another region, and nothing in it': head({ region: 'nsk', data: null }),
};

export const OTHER_PARTITION: Ways = {
  'the next partition': ({ event }) => JSON.stringify({ ...event, partition: (event.partition + 1) % 12 }),
  'a partition that there is not': head({ partition: 12 }),
  'a partition of 2^40': head({ partition: 2 ** 40 }),
};

export const UNKNOWN_TYPE: Ways = named(
  'the type',
  [
    'policy.issued.v2',
    'policy.renewed.v1',
    '',
    '__proto__',
    'constructor',
    'POLICY.ISSUED.V1',
    'tariff.published.v1',
    '\u0000',
  ],
  (type) => head({ type }),
);

const AMOUNTS = [-1, 0, 0.5, '12345', null, 1e15, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), true, [100], {}];
const CURRENCIES = ['USD', 'rub', '', 'RUR', 643, null];
const DATES = [
  '2026-02-30',
  '2026-13-01',
  '0000-00-00',
  '2026-12-1',
  '01.12.2026',
  '',
  '1999-12-31',
  '2100-01-01',
  20_261_201,
  null,
];
const TIMES = [
  '2026-11-22',
  '2026-11-22T25:00:00Z',
  '2026-11-31T10:00:00Z',
  '2026-11-22T10:00:00+03:00',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '+275760-09-13T00:00:00Z',
  'now',
  1_795_000_000_000,
];
const NUMBERS = [
  '',
  ' ',
  'N'.repeat(65),
  '=1+1',
  "x'; drop table settlement.positions; --",
  'A\u0000',
  'A\ud800',
  'A\n1',
  17,
  null,
  ['A1'],
];
const PARTIES = ['', 'V', 'ВОЛГА', '__proto__', 'volga ', 'v'.repeat(40), null, 5];

const each = (what: string, values: readonly unknown[], way: (value: unknown) => Way): Ways =>
  Object.fromEntries(values.map((value) => [`${what} ${JSON.stringify(value)}`, way(value)]));

/** Placed, of a known type, and what it says can never be booked. */
export const INVALID: Ways = {
  'cut in its data': (victim) => {
    const text = whole(victim).toString();
    const at = text.indexOf(',"data":') + 8;
    return text.slice(0, at + Math.floor(victim.random() * (text.length - at - 1)));
  },
  'twice in one record': changed((text) => text + text),
  'a NUL byte in its data': replaced('"RUB"', '"R\0UB"'),
  'bytes that are no UTF-8 in its data': bytes('MSK-', 0xff),
  'NaN for an amount': replaced(/"amountMinor":\d+/, '"amountMinor":NaN'),
  '1e999 for an amount': replaced(/"amountMinor":\d+/, '"amountMinor":1e999'),
  'the premium said twice': replaced('"commission":', '"premium":null,"commission":'),
  'deep nesting for data': replaced(/"data":\{.*\}\}$/, `"data":${nested(DEPTH)}}`),
  'data under the key __proto__': changed((text) => `${text.replace('"data":', '"data":{"__proto__":')}}`),
  'data of a prototype': replaced(/"data":\{.*\}\}$/, '"data":{"constructor":{"prototype":{"premium":1}}}}'),
  ...each('data', [null, [], 'data', 17, {}], (value) => head({ data: value })),
  ...named(
    'without data.',
    [
      'policyId',
      'number',
      'insurer',
      'product',
      'tariffVersion',
      'issuedAt',
      'startsOn',
      'endsOn',
      'premium',
      'commission',
      'partner',
    ],
    lacking,
  ),
  ...named('without', ['occurredAt', 'traceparent'], without),
  ...each('a premium of', AMOUNTS, (amount) => data({ premium: money(amount) })),
  ...each('the currency', CURRENCIES, (currency) => data({ premium: money(10_000, currency) })),
  'no currency': data({ premium: { amountMinor: 10_000 } }),
  ...each('a commission of', [-1, 2 ** 50, '5'], (amount) =>
    data({ commission: { rateBps: 1_500, amount: money(amount) } }),
  ),
  ...each('a rate of', [-1, 10_001, 0.5, '15'], (rateBps) => data({ commission: { rateBps, amount: money(1) } })),
  "a partner's commission above the premium": data({
    partner: { id: 'alfa', commission: { rateBps: 1, amount: money(2 ** 40) } },
  }),
  ...each('the insurer', PARTIES, (insurer) => data({ insurer })),
  ...each('the partner', PARTIES, (id) => data({ partner: { id, commission: { rateBps: 0, amount: money(0) } } })),
  ...each('the product', ['kasko', 'OSAGO', '', '__proto__', null, 1], (product) => data({ product })),
  ...each('the number', NUMBERS, (number) => data({ number })),
  ...each('the tariff', [0, -1, 2 ** 31, 1.5, '1'], (tariffVersion) => data({ tariffVersion })),
  ...each('from', DATES, (startsOn) => data({ startsOn })),
  ...each('until', DATES, (endsOn) => data({ endsOn })),
  ...each('issued', TIMES, (issuedAt) => data({ issuedAt })),
  ...each('occurred', TIMES, (occurredAt) => head({ occurredAt })),
  'the end before the beginning': data({ startsOn: '2026-12-02', endsOn: '2026-12-01' }),
  'another policy than its aggregate': data({ policyId: 'msk-another' }),
  'an issue that is version 2': head({ aggregateVersion: 2 }),
  'an issue that is version 2^53 - 1': head({ aggregateVersion: 2 ** 53 - 1 }),
  'a cancellation that is version 1': ({ event }) =>
    JSON.stringify({
      ...event,
      type: 'policy.cancelled.v1',
      data: { ...event.data, cancelledAt: event.data.issuedAt, refund: event.data.premium },
    }),
  'a policy that says it is a day': head({ type: 'control.day-closed.v1' }),
  'a day of another aggregate': head({
    type: 'control.day-closed.v1',
    data: { day: '2026-11-20', insurers: [] },
  }),
  'a day that there is not': head({ type: 'control.day-closed.v1', data: { day: '2026-02-30', insurers: [] } }),
  'a cancellation without a refund': head({ type: 'policy.cancelled.v1', aggregateVersion: 2 }),
};

/** So rare that the others are not waited for: a few of each run. */
export const HUGE_UNREADABLE: Ways = {
  'a megabyte of nothing': padded('x'.repeat(MEGABYTE)),
  'a megabyte of aggregate': head({ aggregateId: 'm'.repeat(MEGABYTE) }),
};
export const HUGE_INVALID: Ways = {
  'a megabyte of number': data({ number: 'ж'.repeat(MEGABYTE / 2) }),
  'a megabyte of insurer': data({ insurer: 'v'.repeat(MEGABYTE) }),
  'a megabyte of nesting': replaced(/"data":\{.*\}\}$/, `"data":${nested(MEGABYTE / 2)}}`),
};

/** Of a policy that is booked as issued. */
export const SECOND_ISSUE: Ways = {
  'issued again': whole,
  'issued again for another price': data({ premium: money(5_000_000) }),
  'issued again as version 2': head({ aggregateVersion: 2 }),
};

/** Cancellations of a policy that is booked as issued. */
export const CONTRADICTION: Ways = {
  'cancelled for another premium': (victim) =>
    data({ premium: money(victim.event.data.premium.amountMinor + 1) })(victim),
  'cancelled of another insurer': data({ insurer: 'lena' }),
  'cancelled of another number': data({ number: 'MSK-0' }),
  'cancelled of another partner': data({ partner: { id: 'gamma', commission: { rateBps: 500, amount: money(0) } } }),
  'cancelled of another product': (victim) =>
    data({ product: victim.event.data.product === 'life' ? 'osago' : 'life' })(victim),
  'more commission taken back than was given': (victim) => {
    const { premium } = victim.event.data;
    return data({ refund: premium, commission: { rateBps: 10_000, amount: premium } })(victim);
  },
};

/** Cancellations of a policy that is booked as cancelled. */
export const SECOND_CANCELLATION: Ways = {
  'cancelled again': whole,
  'cancelled again, as version 3': head({ aggregateVersion: 3 }),
};
