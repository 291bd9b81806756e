import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { callSoap, elements } from './soap.ts';
import { testContext } from './test-context.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const NS = 'urn:insurer:1';
const schema = z.object({
  Price: elements(z.object({ '@unit': z.string(), '#text': z.string() })),
  Note: z.string().optional(),
});

const reply = (text: string, status = 200) =>
  new Response(text, { status, headers: { 'content-type': 'text/xml; charset=utf-8' } });
const wrap = (body: string) => `<s:Envelope xmlns:s="${ENVELOPE}"><s:Body>${body}</s:Body></s:Envelope>`;
const call = (answer: (url: string, init: RequestInit) => Response) =>
  callSoap(testContext(answer), {
    url: 'http://insurer.test/ws',
    action: `${NS}#Get`,
    body: `<Get xmlns="${NS}"/>`,
    namespace: NS,
    answer: 'GetResponse',
    schema,
  });

const GOOD = wrap(`<p:GetResponse xmlns:p="${NS}"><p:Price unit="kopeck">007</p:Price></p:GetResponse>`);
const VALUE = { Price: [{ '@unit': 'kopeck', '#text': '007' }] };

describe('callSoap', () => {
  test('posts an envelope with its action, and keeps values as text', async () => {
    let asked: RequestInit = {};
    const value = await call((_, init) => {
      asked = init;
      return reply(GOOD);
    });
    expect(value).toEqual(VALUE);
    expect(asked).toMatchObject({ method: 'POST', headers: { soapaction: `"${NS}#Get"` } });
    expect(asked.body).toContain(`<soap:Body><Get xmlns="${NS}"/></soap:Body>`);
  });

  test('reads the same reply under any prefixes, declared anywhere', async () => {
    const other = `<?xml version="1.0"?><Envelope xmlns="${ENVELOPE}" xmlns:x="${NS}"><Body><GetResponse xmlns="${NS}"><x:Price unit='kopeck'><![CDATA[007]]></x:Price></GetResponse></Body></Envelope>`;
    expect(await call(() => reply(other))).toEqual(VALUE);
  });

  test('reads none, one and several elements as a list', async () => {
    const price = '<Price unit="kopeck">1</Price>';
    const lengths = [0, 1, 3].map(async (count) => {
      const { Price } = await call(() =>
        reply(wrap(`<GetResponse xmlns="${NS}"><Note/>${price.repeat(count)}</GetResponse>`)),
      );
      return Price.length;
    });
    expect(await Promise.all(lengths)).toEqual([0, 1, 3]);
  });

  test.each([
    [
      'another namespace',
      wrap('<GetResponse xmlns="urn:other"><Price unit="kopeck">1</Price></GetResponse>'),
      'schema',
    ],
    ['fields of another namespace', GOOD.replace('<p:Price', '<p:Price xmlns:p="urn:other"'), undefined],
    ['an undeclared prefix', wrap(`<q:GetResponse/>`), 'malformed'],
    ['SOAP 1.2', GOOD.replace(ENVELOPE, 'http://www.w3.org/2003/05/soap-envelope'), 'malformed'],
    ['no envelope', `<GetResponse xmlns="${NS}"/>`, 'malformed'],
    ['an empty body', wrap(''), 'malformed'],
    ['two envelopes', GOOD + GOOD, 'malformed'],
    ['a cut document', GOOD.slice(0, -20), 'malformed'],
    ['text after the end', `${GOOD}<`, 'malformed'],
    ['nesting one too deep', wrap('<a>'.repeat(30) + '</a>'.repeat(30)), 'malformed'],
    ['nesting without end', '<a>'.repeat(20_000), 'malformed'],
    ['deep but closed nesting', wrap('<a>'.repeat(5_000) + '</a>'.repeat(5_000)), 'malformed'],
    ['tags that cross', wrap(`<GetResponse xmlns="${NS}"><Note>1</GetResponse></Note>`), 'malformed'],
    [
      'names that would reach prototypes',
      wrap(`<GetResponse xmlns="${NS}"><__proto__><Price>1</Price></__proto__></GetResponse>`),
      'malformed',
    ],
  ])('does not read %s as the answer', async (_, text, reason) => {
    const answer = call(() => reply(text));
    if (reason === undefined) expect(await answer).toEqual({ Price: [] });
    else await expect(answer).rejects.toMatchObject({ reason });
  });

  test('refuses a reply cut at any character, between two elements as well', async () => {
    const text = GOOD.replace('</p:GetResponse>', '<p:Price unit="kopeck">2</p:Price></p:GetResponse>');
    expect((await call(() => reply(text))).Price).toHaveLength(2);
    for (let length = 0; length < text.length; length += 1) {
      const answer = call(() => reply(text.slice(0, length)));
      await expect(answer, `cut to ${length}`).rejects.toMatchObject({ reason: 'malformed' });
    }
  });

  test('refuses a DOCTYPE before any entity is looked at', async () => {
    const bomb = `<!DOCTYPE a [<!ENTITY x "${'x'.repeat(1000)}"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>`;
    await expect(call(() => reply(bomb + GOOD.replace('007', '&y;&y;')))).rejects.toThrow('the XML carries a DOCTYPE');
    const external = `<!doctype a SYSTEM "file:///etc/passwd">${GOOD}`;
    await expect(call(() => reply(external))).rejects.toThrow('the XML carries a DOCTYPE');
  });

  test('leaves entities as they are written: none is ever expanded', async () => {
    const { Price } = await call(() => reply(GOOD.replace('007', '&#55;&amp;&y;')));
    expect(Price).toEqual([{ '@unit': 'kopeck', '#text': '&#55;&amp;&y;' }]);
  });

  test.each([200, 500])('tells a fault that comes with status %i by its own words', async (status) => {
    const fault = wrap(
      '<s:Fault><faultcode>s:Server</faultcode><faultstring>tariffs\nare down</faultstring></s:Fault>',
    );
    const answer = call(() => reply(fault, status));
    await expect(answer).rejects.toMatchObject({
      reason: 'fault',
      message: expect.stringContaining('SOAP fault "s:Server": "tariffs are down"'),
    });
  });

  test('tells a 500 that is no fault by its status, and never reads it as an answer', async () => {
    const broken = [reply(GOOD, 500), reply('<html>', 500), new Response('no', { status: 500 })];
    for (const response of broken) {
      await expect(call(() => response)).rejects.toMatchObject({ reason: 'status', status: 500 });
    }
  });
});
