import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Policy } from '#contracts/policy.ts';
import { createTestCore, HOLDER, partner, query, type TestCore, tariff } from './core.testing.ts';
import { countWritten } from './policies/policies.testing.ts';
import { fieldsOf, slugOf } from './problem.testing.ts';
import { requestQuote } from './quotes/request-quote.ts';

let core: TestCore;
let sold: Policy;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(partner('alfa'));
  sold = Policy.parse(await (await post('/v1/policies', JSON.stringify(bodyWith('', undefined)))).json());
});
afterAll(() => core[Symbol.asyncDispose]());

const post = (path: string, body: string, headers: Record<string, string> = {}) => {
  const key = { 'idempotency-key': `key-${randomUUID()}` };
  return core.call(path, { method: 'POST', by: 'alfa', body, headers: { ...key, ...headers } });
};
/** A good request to issue, with one field (`holder.phone`) set to something else; `undefined` leaves it out. */
function bodyWith(field: string, value: unknown): Record<string, unknown> {
  const [offer] = requestQuote(core.ctx, { product: 'osago', query: query() }).offers;
  const body = { offer: offer?.token, holder: { ...HOLDER }, startsOn: '2026-11-23' };
  const [name = '', inner] = field.split('.');
  if (inner) return { ...body, holder: { ...HOLDER, [inner]: value } };
  return name ? { ...body, [name]: value } : body;
}
const issueWith = (field: string, value: unknown) => post('/v1/policies', JSON.stringify(bodyWith(field, value)));
const cancelWith = (body: unknown) => post(`/v1/policies/${sold.id}/cancel`, JSON.stringify(body));
const written = () => countWritten(core);
const invalid = (...fields: string[]) => [400, 'invalid-request', ...fields];

const OTHER_TYPES = [undefined, null, 0, -1.5, true, [], {}, ['+79990001122'], { $gt: '' }];
const NOT_TEXT = ['\0', 'Anna\0', 'Anna \ud800', '\udc00 Anna', 'Anna\u0007', '\u009f Anna'];
const email = (length: number) => {
  const domain = `${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(60)}.example`;
  return `${'a'.repeat(length - domain.length - 1)}@${domain}`;
};

describe('POST /v1/policies: what is past the limits is refused by its name, and nothing is written', () => {
  let before: object;
  beforeEach(async () => {
    before = await written();
  });
  afterEach(async () => {
    expect(await written()).toEqual(before);
    expect(core.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  test.each<[string, unknown[]]>([
    ['offer', ['', 'x'.repeat(4_097)]],
    ['startsOn', ['', '2026-11-22', '2026-11-24', '2026-11-31', '2026-11-23T00:00:00Z', '23.11.2026', '2026-11-23\0']],
    ['holder', ['', 'Anna']],
    ['holder.fullName', ['', ' ', 'А', ' А ', 'А'.repeat(201), ...NOT_TEXT]],
    ['holder.birthDate', ['', '1899-12-31', '2026-11-22', '9999-12-31', '1990-02-30', '1990-5-17', '1990-05-17\0']],
    [
      'holder.phone',
      [
        '',
        '+123456',
        '+1234567890123456',
        '+0234567',
        '79991234567',
        '+7 9991234567',
        '+79991234567\n',
        '+7999123456\0',
      ],
    ],
    [
      'holder.email',
      ['', 'a', 'a@b', '@b.example', 'a@b.example\0', 'a b@c.example', email(255), 'a@b.example, c@d.example'],
    ],
  ])('%s', async (field, values) => {
    for (const value of [...values, ...OTHER_TYPES]) {
      const answer = await issueWith(field, value);
      const [status, slug, ...named] = await fieldsOf(answer);
      expect([value, status, slug]).toEqual([value, 400, 'invalid-request']);
      // Of an object that is wrong, its fields are named.
      expect(named.length > 0 && named.every((name) => String(name).startsWith(field))).toBe(true);
    }
  });

  test('an offer as long as may be that is none is offer-invalid', async () => {
    for (const offer of ['x'.repeat(4_096), '\0', '\ud800', 'a.b.c', '__proto__'])
      expect(await slugOf(await issueWith('offer', offer))).toEqual([400, 'offer-invalid']);
  });

  test.each(['price', 'premium', 'partner', 'id', 'constructor', 'toString', ''])(
    'an unknown field "%s"',
    async (name) => {
      const body = JSON.stringify({ ...bodyWith('', undefined), [name]: 1 });
      expect(await fieldsOf(await post('/v1/policies', body))).toEqual(invalid(name));
      const holder = JSON.stringify({ ...bodyWith('holder', { ...HOLDER, [name]: 1 }) });
      expect(await fieldsOf(await post('/v1/policies', holder))).toEqual(invalid(`holder.${name}`));
    },
  );

  test('__proto__, which would be a field of nobody, is an unknown field too', async () => {
    const body = JSON.stringify(bodyWith('', undefined)).replace('{', '{"__proto__":{"offer":"x"},');
    expect(await fieldsOf(await post('/v1/policies', body))).toEqual(invalid('__proto__'));
    const holder = JSON.stringify(bodyWith('', undefined)).replace(
      '"holder":{',
      '"holder":{"__proto__":{"email":"x"},',
    );
    expect(await fieldsOf(await post('/v1/policies', holder))).toEqual(invalid('holder.__proto__'));
  });
});

describe('POST /v1/policies: what is at the limits is taken', () => {
  test.each<[string, unknown[]]>([
    ['holder.fullName', ['Ян', 'А'.repeat(200), `  ${'А'.repeat(200)}  `, "O'Neil-Ng", '王秀英', '😀😀']],
    ['holder.birthDate', ['1900-01-01', '2026-11-21', '2024-02-29']],
    ['holder.phone', ['+1234567', '+123456789012345']],
    ['holder.email', ['a@b.ru', email(254)]],
  ])('%s', async (field, values) => {
    for (const value of values) expect([value, (await issueWith(field, value)).status]).toEqual([value, 201]);
  });
});

describe.each(['issue', 'cancel'])('a body of %s that is no request', (verb) => {
  const send = (body: string, headers?: Record<string, string>) =>
    post(verb === 'issue' ? '/v1/policies' : `/v1/policies/${sold.id}/cancel`, body, headers);
  const deep = (levels: number, inside = '1') => '['.repeat(levels) + inside + ']'.repeat(levels);

  test('is refused, and nothing is written', async () => {
    const before = await written();
    for (const body of [
      '',
      ' ',
      '{',
      '{"reason"',
      'null',
      '1',
      '"text"',
      '[]',
      '[{}]',
      'undefined',
      '{"a":1}{"a":1}',
      '\0',
      '{"reason":"\0"}',
      'reason=1',
      deep(32_000),
    ])
      expect([body.slice(0, 20), ...(await fieldsOf(await send(body)))]).toEqual([
        body.slice(0, 20),
        ...invalid('body'),
      ]);
    const [status, slug] = await fieldsOf(await send(`{"reason":${deep(30_000)},"offer":${deep(2_000)}}`));
    expect([status, slug]).toEqual([400, 'invalid-request']);
    expect(await written()).toEqual(before);
  });

  test('is 413 from 64 KiB and a byte on, in bytes', async () => {
    const fill = (bytes: number) => `{"x":"${'я'.repeat((bytes - 8) / 2)}"}`;
    expect(Buffer.byteLength(fill(65_536))).toBe(65_536);
    expect((await send(fill(65_536))).status).toBe(400);
    expect(await slugOf(await send(`${fill(65_536)} `))).toEqual([413, 'payload-too-large']);
  });

  test('is refused by its content type', async () => {
    for (const type of [
      '',
      'text/plain',
      'text/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'x'.repeat(5_000),
    ])
      expect([type, ...(await fieldsOf(await send('{"reason":"x"}', { 'content-type': type })))]).toEqual([
        type,
        ...invalid('content-type'),
      ]);
  });
});

describe('POST /v1/policies/{id}/cancel', () => {
  test('a reason past its limits, of another type or beside others is refused by its name, and nothing is written', async () => {
    const before = await written();
    for (const reason of ['', ' ', '\n', 'x'.repeat(501), ...NOT_TEXT, ...OTHER_TYPES])
      expect([reason, ...new Set(await fieldsOf(await cancelWith({ reason })))]).toEqual([
        reason,
        ...invalid('reason'),
      ]);
    expect(await fieldsOf(await cancelWith({ reason: 'x', refund: 1 }))).toEqual(invalid('refund'));
    expect(await fieldsOf(await post(`/v1/policies/${sold.id}/cancel?force=1`, '{"reason":"x"}'))).toEqual(
      invalid('force'),
    );
    const proto = '{"__proto__":{"reason":"x"}}';
    expect(await fieldsOf(await post(`/v1/policies/${sold.id}/cancel`, proto))).toEqual(invalid('reason', '__proto__'));
    expect(await written()).toEqual(before);
  });

  test('a reason at its limits is taken', async () => {
    for (const reason of ['x', 'Я'.repeat(500), ` ${'x'.repeat(500)} `, 'two\r\n\tlines']) {
      const { id } = Policy.parse(await (await issueWith('', undefined)).json());
      const answer = await post(`/v1/policies/${id}/cancel`, JSON.stringify({ reason }));
      expect([reason, answer.status]).toEqual([reason, 200]);
    }
  });
});

describe('addresses and parameters', () => {
  test.each([
    '%00',
    'msk-%00',
    '%FF',
    '..%2f..',
    '%ED%A0%80',
    `${'x'.repeat(80)}`,
    '-',
    'msk-',
    'toString',
    '__proto__',
  ])('the id "%s" is not there, by any call', async (id) => {
    expect(await slugOf(await core.call(`/v1/policies/${id}`, { by: 'alfa' }))).toEqual([404, 'not-found']);
    expect(await slugOf(await post(`/v1/policies/${id}/cancel`, '{"reason":"x"}'))).toEqual([404, 'not-found']);
  });

  test('an id longer than any is refused by its name', async () => {
    const path = `/v1/policies/${'x'.repeat(81)}`;
    expect(await fieldsOf(await core.call(path, { by: 'alfa' }))).toEqual(invalid('id'));
    expect(await fieldsOf(await post(`${path}/cancel`, '{"reason":"x"}'))).toEqual(invalid('id'));
  });

  test.each(['0', '101', '-1', '+1', '1.5', '1e1', '0x1', '01', '', '%20', '%00', 'x', '9'.repeat(400), '1&limit=2'])(
    'a page of "%s" is refused by its name',
    async (limit) => {
      expect(await fieldsOf(await core.call(`/v1/policies?limit=${limit}`, { by: 'alfa' }))).toEqual(invalid('limit'));
    },
  );

  test.each(['', '%00', 'x', '%F0%9F', 'A'.repeat(22), 'x'.repeat(4_000), '1&cursor=2'])(
    'the cursor "%s" is refused by its name',
    async (cursor) => {
      expect(await fieldsOf(await core.call(`/v1/policies?cursor=${cursor}`, { by: 'alfa' }))).toEqual(
        invalid('cursor'),
      );
    },
  );

  test('pages of 1 and of 100 are given; a parameter that there is not is refused by its name', async () => {
    for (const limit of [1, 100])
      expect((await core.call(`/v1/policies?limit=${limit}`, { by: 'alfa' })).status).toBe(200);
    expect(await fieldsOf(await core.call('/v1/policies?offset=1', { by: 'alfa' }))).toEqual(invalid('offset'));
  });
});
