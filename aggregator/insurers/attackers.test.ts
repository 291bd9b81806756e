import { describe, expect, test } from 'vitest';
import { createInsurersApp } from '../../local/insurers/app.ts';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import { endlessBody, hangingBody, testContext } from '../protocols/test-context.ts';
import baikal from './baikal.ts';
import ural from './ural.ts';
import volga from './volga.ts';

const ADAPTERS = { volga, ural, baikal };
const app = createInsurersApp();

/** Collects from the insurer's simulator, each of whose replies is turned into a bad one first. */
function attacked(
  insurer: typeof volga | typeof ural | typeof baikal,
  turn: (good: Response) => Response | Promise<Response>,
  signal = new AbortController().signal,
) {
  const ctx = testContext(async (url, init) => turn(await app.request(url, init)), { signal });
  return insurer.collect(ctx, `http://insurers.test/${insurer.id}`);
}

/** A good reply with other words in its text. */
const altered = (change: (text: string) => string) => async (good: Response) => {
  const text = await good.text();
  const changed = change(text);
  expect(changed).not.toBe(text);
  return new Response(changed, {
    status: good.status,
    headers: { 'content-type': good.headers.get('content-type') ?? '' },
  });
};

const withHeaders = (good: Response, headers: Record<string, string>, body: BodyInit | null = good.body) =>
  new Response(body, { headers: { 'content-type': good.headers.get('content-type') ?? '', ...headers } });

describe.each([volga, ural, baikal])('R10 an insurer that lies, $id over $protocol, is refused', (insurer) => {
  test.each([
    ['cut in half', 'malformed', altered((text) => text.slice(0, text.length / 2))],
    ['cut by one character', 'malformed', altered((text) => text.trimEnd().slice(0, -1))],
    ['empty', 'malformed', altered(() => '')],
    ['of the right syntax and nothing in it', undefined, altered((text) => (text.startsWith('<') ? '<a/>' : '{}'))],
    ['a page of HTML', 'content-type', (good: Response) => withHeaders(good, { 'content-type': 'text/html' })],
    ['of no type', 'content-type', () => new Response(new Uint8Array([0x7b, 0x7d]))],
    [
      'of another charset',
      'content-type',
      (good: Response) => withHeaders(good, { 'content-type': 'text/xml; charset=cp1251' }),
    ],
    [
      'HTTP 500',
      'status',
      () => new Response('<h1>Oops</h1>', { status: 500, headers: { 'content-type': 'text/html' } }),
    ],
    ['HTTP 429', 'status', () => new Response(null, { status: 429, headers: { 'retry-after': '5' } })],
    [
      'a redirect',
      'status',
      () => new Response(null, { status: 302, headers: { location: 'http://elsewhere.test/' } }),
    ],
    ['announced as 100 MB', 'too-large', (good: Response) => withHeaders(good, { 'content-length': '100000000' })],
  ])('when its reply is %s', async (_, reason, turn) => {
    const error = await attacked(insurer, turn).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InsurerReplyError);
    if (reason !== undefined) expect(error).toMatchObject({ reason });
  });

  test('when its body has no end, without holding more than the bound', async () => {
    const { body, seen } = endlessBody(new Uint8Array(4_096).fill(0x20));
    const collected = attacked(insurer, (good) => withHeaders(good, {}, body));
    await expect(collected).rejects.toMatchObject({ reason: 'too-large' });
    expect(seen.cancelled).toBe(true);
    expect(seen.chunks).toBeLessThanOrEqual(65_536 / 4_096 + 2);
  });

  test('when its body hangs, as soon as the signal says so and with its reason', async () => {
    const { body, waiting, cancelled } = hangingBody(' ');
    const abort = new AbortController();
    const collected = attacked(insurer, (good) => withHeaders(good, {}, body), abort.signal);
    await waiting;
    abort.abort(new Error('slot is over'));
    await expect(collected).rejects.toThrow('slot is over');
    await cancelled;
  });
});

describe('R10 a wrong field refuses the whole reply and is named', () => {
  test.each<[keyof typeof ADAPTERS, RegExp, string, string]>([
    [
      'volga',
      /"bazovaya_stavka":"2415"/,
      '"bazovaya_stavka":"2415,005"',
      'tarify[1].bazovaya_stavka: must be a decimal with ","',
    ],
    ['volga', /"bazovaya_stavka":"2415"/, '"bazovaya_stavka":2415', 'tarify[1].bazovaya_stavka'],
    ['volga', /"bazovaya_stavka":"2415"/, '"bazovaya_stavka":"0"', 'tarify[1].bazovaya_stavka'],
    ['volga', /"s":"09.12.2025"/, '"s":"31.02.2025"', 'tarify[1].s: Invalid ISO date'],
    ['volga', /_proc":"7,50"/, '_proc":"107,50"', 'voznagrazhdenie_agenta_proc'],
    ['volga', /"kod":"2.1"/, '"kod":"8"', 'tarify[1].kod'],
    ['volga', /"po":null/, '"to":null', 'tarify[1].po'],
    ['ural', />218840</, '>2188.40<', 'Rate[0].BaseRate["#text"]: must be whole kopecks'],
    ['ural', />218840</, '>0<', 'Rate[0].BaseRate["#text"]: must be whole kopecks'],
    ['ural', /unit="kopeck"/, 'unit="rouble"', 'Rate[0].BaseRate["@unit"]'],
    ['ural', /class="B-UL"/, 'class="LK"', 'Rate[0]["@class"]: unknown vehicle class "LK"'],
    ['ural', />60.5</, '>60.55<', 'CommissionPerMille: must be per mille'],
    ['ural', />60.5</, '>1000.5<', 'CommissionPerMille'],
    ['ural', /<tns:ValidFrom>2025-12-09/, '<tns:ValidFrom>2025-02-30', 'Rate[0].ValidFrom'],
    [
      'baikal',
      /"amount":"2650.90"/,
      '"amount":"2650.905"',
      'edges[0].node.baseRate.amount: must be a decimal with "."',
    ],
    ['baikal', /"amount":"2650.90"/, '"amount":2650.9', 'edges[0].node.baseRate.amount'],
    ['baikal', /"currency":"RUB"/, '"currency":"USD"', 'edges[0].node.baseRate.currency'],
    ['baikal', /Points":925/, 'Points":92.5', 'commissionBasisPoints'],
    ['baikal', /"CAR_COMPANY"/, '"CAR_LEASED"', 'edges[0].node.vehicleClass: unknown vehicle class "CAR_LEASED"'],
    ['baikal', /"endCursor":"[^"]+"/, '"endCursor":null', 'pageInfo.endCursor'],
    ['baikal', /"2025-12-09T00:00:00\+03:00"/, '"2025-12-09"', 'edges[0].node.validFrom'],
  ])('%s: %s as %s', async (id, from, to, message) => {
    const error: unknown = await attacked(
      ADAPTERS[id],
      altered((text) => text.replace(from, to)),
    ).catch((caught) => caught);
    expect(error).toMatchObject({
      name: 'InsurerReplyError',
      reason: 'schema',
      message: expect.stringContaining(message),
    });
  });

  test('an insurer may add fields: they are left out', async () => {
    const json = altered((text) => text.replace('{', '{"new":{"deep":[1]},'));
    await expect(attacked(volga, json)).resolves.toHaveLength(1);
    const xml = altered((text) => text.replace('<tns:Edition>', '<tns:New a="1"><tns:Deep/></tns:New><tns:Edition>'));
    await expect(attacked(ural, xml)).resolves.toHaveLength(1);
  });
});
