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
const CALL = {
  url: 'http://insurer.test/ws',
  action: `${NS}#Get`,
  body: `<Get xmlns="${NS}"/>`,
  namespace: NS,
  answer: 'GetResponse',
};
const call = (answer: (url: string, init: RequestInit) => Response) =>
  callSoap(testContext(answer), { ...CALL, schema });

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

  test('reads attributes and elements of another namespace that was asked for, by its prefix', async () => {
    const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
    const body = `<Price xmlns:i="${xsi}" i:nil="true" p:nil="false" xmlns:p="${NS}"/><t:Kind xmlns:t="urn:kinds" t:of="1">a</t:Kind>`;
    const answer = callSoap(
      testContext(() => reply(wrap(`<GetResponse xmlns="${NS}">${body}</GetResponse>`))),
      { ...CALL, others: { [xsi]: 'xsi:', 'urn:kinds': 't:' }, schema: z.unknown() },
    );
    expect(await answer).toEqual({ Price: { '@xsi:nil': 'true' }, 't:Kind': { '@t:of': '1', '#text': 'a' } });
  });

  test('leaves out attributes of namespaces that were not asked for', async () => {
    const typed = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="xs:string" xml:lang="ru"';
    const body = `<GetResponse xmlns="${NS}"><Note ${typed}>1</Note></GetResponse>`;
    expect(await call(() => reply(wrap(body)))).toEqual({ Price: [], Note: '1' });
  });

  test('leaves entities as they are written: none is ever expanded', async () => {
    const { Price } = await call(() => reply(GOOD.replace('007', '&#55;&amp;&y;%z;')));
    expect(Price).toEqual([{ '@unit': 'kopeck', '#text': '&#55;&amp;&y;%z;' }]);
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

/** `count` elements or attributes, each with its number. */
const many = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => write(i)).join('');

describe('callSoap under attack', () => {
  test.each([
    [
      'an external entity',
      `<!DOCTYPE a [<!ENTITY y SYSTEM "file:///etc/passwd">]>${GOOD.replace('007', '&y;')}`,
      'carries a DOCTYPE',
    ],
    [
      'an external DTD, in small letters',
      `<!doctype a SYSTEM "http://elsewhere.test/a.dtd">${GOOD}`,
      'carries a DOCTYPE',
    ],
    [
      'a billion laughs',
      `<!DOCTYPE a [<!ENTITY l0 "ha">${many(10, (i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)}]>${GOOD.replace('007', '&l10;')}`,
      'carries a DOCTYPE',
    ],
    [
      'a parameter entity',
      `<!DOCTYPE a [<!ENTITY % p SYSTEM "http://elsewhere.test/a.dtd"> %p;]>${GOOD}`,
      'carries a DOCTYPE',
    ],
    ['a DOCTYPE inside the root', GOOD.replace('<s:Body>', '<!DOCTYPE a><s:Body>'), 'carries a DOCTYPE'],
    ['a declaration of an entity alone', GOOD.replace('<s:Body>', '<!ENTITY y "1"><s:Body>'), 'or another declaration'],
    ['a conditional section', GOOD.replace('<s:Body>', '<![INCLUDE[ x ]]><s:Body>'), 'or another declaration'],
    ['a DOCTYPE hidden in a comment', `<!-- --><!DOCTYPE a>${GOOD}`, 'carries a DOCTYPE'],
    [
      'very deep nesting of the answer',
      GOOD.replace('007', '<p:a>'.repeat(3_000) + '</p:a>'.repeat(3_000)),
      'nested deeper',
    ],
    [
      'a huge number of attributes',
      GOOD.replace('unit="kopeck"', `unit="kopeck"${many(3_000, (i) => ` a${i}="1"`)}`),
      'over 100 attributes',
    ],
    [
      'a huge number of attributes on an element that is left out',
      GOOD.replace('<p:Price', `<x xmlns="urn:other"${many(3_000, (i) => ` a${i}="1"`)}/><p:Price`),
      'over 100 attributes',
    ],
    [
      'a huge number of namespaces, level by level',
      GOOD.replace(
        '<p:Price',
        `<p:x${many(30, (i) => ` xmlns:a${i}="1"`)}><p:x${many(30, (i) => ` xmlns:b${i}="1"`)}/></p:x><p:Price`,
      ),
      'over 50 namespaces in scope',
    ],
    ['a CDATA section that is not closed', GOOD.replace('007', '<![CDATA[007'), 'not well-formed'],
    ['a CDATA section before the root', `<![CDATA[<a/>]]>${GOOD}`, 'more than one root'],
    ['a CDATA section after the root', `${GOOD}<![CDATA[x]]>`, 'more than one root'],
    ['a second root', `${GOOD}<a/>`, 'more than one root'],
    ['a second envelope', GOOD + GOOD, 'not well-formed'],
    ['a second body', GOOD.replace('</s:Body>', '</s:Body><s:Body/>'), 'no SOAP 1.1 envelope with a body'],
    ['a processing instruction', GOOD.replace('<s:Body>', '<?php echo 1 ?><s:Body>'), 'processing instruction'],
    ['a processing instruction as text', GOOD.replace('007', '0<?x ?>07'), 'processing instruction'],
  ])('refuses %s', async (_, text, message) => {
    const refused = call(() => reply(text));
    await expect(refused).rejects.toMatchObject({ reason: 'malformed', message: expect.stringContaining(message) });
  });

  test.each([
    ['makes the answer another element', GOOD.replace('<s:Body>', `<s:Body xmlns:s="urn:other">`), 'malformed'],
    ['makes the answer a fault', GOOD.replaceAll('p:GetResponse', 'p:Fault'), 'schema'],
    ['takes the answer away', GOOD.replace(`xmlns:p="${NS}"`, 'xmlns:p="urn:other"'), 'schema'],
    ['writes the namespace with an entity', GOOD.replace(NS, 'urn:insurer&#58;1'), 'schema'],
  ])('refuses a redeclared namespace that %s', async (_, text, reason) => {
    await expect(call(() => reply(text))).rejects.toMatchObject({ reason });
  });

  test('reads names by their own namespace where a prefix is bound anew below, and the old one beside it', async () => {
    const renamed = `<p:Price xmlns:p="urn:other" unit="rouble">1</p:Price><s:Price xmlns:s="${NS}" unit="kopeck">007</s:Price>`;
    const text = wrap(`<p:GetResponse xmlns:p="${NS}">${renamed}<p:Note>2</p:Note></p:GetResponse>`);
    expect(await call(() => reply(text))).toEqual({ ...VALUE, Note: '2' });
  });

  test('takes CDATA for text, whatever looks like markup in it', async () => {
    const markup = `</p:Note><p:Price unit="kopeck">1</p:Price>]]]]>&gt;<![CDATA[<p:Note>`;
    const text = wrap(`<p:GetResponse xmlns:p="${NS}"><p:Note><![CDATA[${markup}]]></p:Note></p:GetResponse>`);
    const value = await call(() => reply(text));
    expect(value.Price).toEqual([]);
    expect(value.Note).toContain('<p:Price unit="kopeck">1</p:Price>');
  });

  test('takes a comment for nothing, whatever looks like markup in it', async () => {
    expect(await call(() => reply(GOOD.replace('007', '0<!-- </p:Price><p:Price> -->07')))).toEqual(VALUE);
  });
});
