import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCore, HOLDER, query, type TestCore, tariff } from '../../core/core.testing.ts';
import { requestQuote } from '../../core/quotes/request-quote.ts';
import { PRODUCTS } from '../../core/rating/products.ts';
import { demoPartner } from '../../edge/fake-core.testing.ts';
import { type EdgeBeforeCore, openEdgeBefore } from '../../edge/real-core.testing.ts';

// Unicode of all planes in every string that a caller may send: it is taken and comes back the same, or it is refused by the
// name of its field. Never anything between, and never a 5xx.

const OWNER = demoPartner('alfa', 100_000);
const RUNS = { numRuns: 120 };

let core: TestCore;
let edge: EdgeBeforeCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(OWNER.partner);
  edge = openEdgeBefore(core);
});
afterAll(async () => {
  expect(core.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  await core[Symbol.asyncDispose]();
});

/** What trips readers up: other forms of the same letter, marks without a letter, no width, other directions, halves, planes. */
const PIECES = [
  'é',
  'e\u0301',
  'ﬁ',
  'Å',
  '\u212b',
  '가',
  '\u1100\u1161',
  '\u0301',
  '\u20dd',
  '\u200b',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u202e',
  '\u2066',
  '\u061c',
  '\ud800',
  '\udc00',
  '\u{1f468}\u200d\u{1f469}',
  '\u{10ffff}',
  '\u{e0001}',
  '\ufffe',
  '\uffff',
  '\0',
  '\u0085',
  '\u2028',
  '\ufdfa',
  'ß',
  'İ',
  'ı',
  'И',
  '%',
  '%00',
  '%ff',
  '+',
  '&',
  '=',
  '\\',
  '"',
  "'",
  '<',
  '{{',
  '\t',
  '\n',
  ' ',
] as const;
const anyText = (most: number) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...PIECES),
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.string({ unit: 'grapheme', maxLength: 8 }),
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join('').slice(0, most));

let keys = 0;
async function send(method: string, path: string, body?: object) {
  keys += 1;
  const answer = await edge.request(path, {
    method,
    headers: {
      authorization: `Bearer ${OWNER.key}`,
      'idempotency-key': `key-of-unicode-${keys}`,
      'content-type': 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: JSON.parse(await answer.text()), headers: answer.headers };
}
const issueBody = () => {
  const [offer] = requestQuote(core.ctx, { product: 'osago', query: query() }).offers;
  return { offer: offer?.token ?? '', holder: { ...HOLDER }, startsOn: '2026-11-23' };
};
const namesIn = (json: { errors?: { field: string }[] }) => json.errors?.map(({ field }) => field);

describe('a purchase', () => {
  it('keeps the name of its holder as it was sent, but for spaces around it, or refuses it by its name', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(anyText(220), async (fullName) => {
        const { status, json } = await send('POST', '/v1/policies', {
          ...issueBody(),
          holder: { ...HOLDER, fullName },
        });
        if (status === 201) {
          kept += 1;
          const [row] = await core.admin`select holder from core.policies where id = ${json.id}`;
          expect(row?.['holder'].fullName).toBe(fullName.trim());
        } else expect([status, namesIn(json)]).toEqual([400, ['holder.fullName']]);
      }),
      { ...RUNS, examples: [['\udc00']] },
    );
    expect(kept).toBeGreaterThan(10);
  });

  it.each(['phone', 'email', 'birthDate'] as const)(
    'takes no text in %s that is none, and says so by its name',
    async (field) => {
      await fc.assert(
        fc.asyncProperty(anyText(40), async (text) => {
          const { status, json } = await send('POST', '/v1/policies', {
            ...issueBody(),
            holder: { ...HOLDER, [field]: HOLDER[field] + text },
          });
          if (status === 201) {
            const [row] = await core.admin`select holder from core.policies where id = ${json.id}`;
            expect(row?.['holder'][field]).toBe(HOLDER[field] + text);
          } else expect([status, namesIn(json)]).toEqual([400, [`holder.${field}`]]);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('takes no other text for an offer or a day', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('offer', 'startsOn'),
        anyText(100).filter((text) => text !== ''),
        async (field, text) => {
          const good = issueBody();
          const { status, json } = await send('POST', '/v1/policies', {
            ...good,
            [field]: good[field as 'offer' | 'startsOn'] + text,
          });
          expect([status, namesIn(json)]).toEqual([400, field === 'offer' ? undefined : ['startsOn']]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps the reason of its cancellation as it was sent, but for spaces around it, or refuses it by its name', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(anyText(100), async (reason) => {
        const sold = await send('POST', '/v1/policies', issueBody());
        const { status, json } = await send('POST', `/v1/policies/${sold.json.id}/cancel`, { reason });
        if (status === 200) {
          kept += 1;
          const [row] = await core.admin`select cancel_reason from core.policies where id = ${json.id}`;
          expect(row?.['cancel_reason']).toBe(reason.trim());
        } else expect([status, namesIn(json)]).toEqual([400, ['reason']]);
      }),
      { numRuns: 60 },
    );
    expect(kept).toBeGreaterThan(10);
  });
});

describe('a parameter of a read', () => {
  /** As a client would, but for halves of characters, which no client can encode. */
  const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
  const PARAMETERS = Object.entries(PRODUCTS).flatMap(([product, { parameters }]) =>
    Object.keys(parameters).map((name) => [product, name] as const),
  );

  it.each(PARAMETERS)('of %s: any text in %s is taken, or refused by its name', async (product, name) => {
    await fc.assert(
      fc.asyncProperty(anyText(60), async (text) => {
        const others = product === 'osago' ? [...query()] : [];
        const asked = others.filter(([other]) => other !== name).map(([other, value]) => `${other}=${encoded(value)}`);
        const { status, json } = await send(
          'GET',
          `/v1/quotes/${product}?${[...asked, `${name}=${encoded(text)}`].join('&')}`,
        );
        if (status !== 200)
          expect([status, namesIn(json)?.includes(name) || namesIn(json)?.length]).toEqual([400, expect.anything()]);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['/v1/localities', 'q'],
    ['/v1/policies', 'cursor'],
    ['/v1/policies', 'limit'],
  ])('%s: any text in %s is taken, or refused by its name', async (path, name) => {
    await fc.assert(
      fc.asyncProperty(anyText(60), async (text) => {
        const { status, json } = await send('GET', `${path}?${name}=${encoded(text)}`);
        if (status !== 200) expect([status, namesIn(json)]).toEqual([400, [name]]);
      }),
      { numRuns: 60 },
    );
  });

  it('that there is not is refused by its name', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(40), async (text) => {
        const name = `x${text.toWellFormed()}`;
        const { status, json } = await send('GET', `/v1/products?${encoded(name)}=1`);
        expect([status, namesIn(json)]).toEqual([400, [name]]);
      }),
      { numRuns: 60 },
    );
  });

  it('and bytes that are no text at all are taken or refused, never a fault', async () => {
    const bytes = [
      '%80',
      '%c0%af',
      '%e0%80%af',
      '%f0%80%80%af',
      '%ed%a0%80',
      '%f4%90%80%80',
      '%fe%ff',
      '%c3',
      '%',
      '%zz',
      '%u0041',
    ];
    for (const path of [
      '/v1/localities?q=',
      '/v1/policies?cursor=',
      `/v1/quotes/osago?${query()}&locality=`,
      '/v1/policies/',
      '/v1/quotes/',
    ])
      for (const text of bytes) {
        const { status } = await send('GET', path + text);
        expect([path, text, [200, 400, 404].includes(status)]).toEqual([path, text, true]);
      }
  });
});

it('what an operator writes comes back the same, or is refused by its name', async () => {
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${core.config.OPERATOR_TOKEN}`, 'content-type': 'application/json' };
    const answer = await core.app.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return {
      status: answer.status,
      json: (await answer.json()) as { errors?: { field: string }[] } & Record<string, unknown>,
    };
  };
  const terms = { limitPerSecond: 1, commissionRateBps: 0, keyDigests: [] };
  await fc.assert(
    fc.asyncProperty(anyText(110), async (text) => {
      const put = await call('PUT', '/v1/partners/gamma', { ...terms, name: text });
      if (put.status === 200) expect((await call('GET', '/v1/partners/gamma')).json['name']).toBe(text.trim());
      else expect([put.status, namesIn(put.json)]).toEqual([400, ['name']]);
      const drain = await call('PUT', '/v1/drain', { drained: true, reason: text });
      if (drain.status === 200) expect((await call('GET', '/v1/drain')).json['reason']).toBe(text.trim());
      else expect([drain.status, namesIn(drain.json)]).toEqual([400, ['reason']]);
      const replay = await call('POST', '/v1/outbox/replay', { from: 'beginning', reason: text });
      if (replay.status !== 200) expect([replay.status, namesIn(replay.json)]).toEqual([400, ['reason']]);
    }),
    { numRuns: 60 },
  );
});
