import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { renameFields } from './rename-fields.ts';

test.each([
  ['{"a":[{"b":null},1,"a"],"c":{"d":true}}', '{"aV2":[{"bV2":null},1,"a"],"cV2":{"dV2":true}}'],
  ['[{"a":1}]', '[{"aV2":1}]'],
  ['{"data":{"data":1},"errors":[{"message":"x"}]}', '{"data":{"dataV2":1},"errors":[{"messageV2":"x"}]}'],
  ['[]', '[]'],
])('JSON %s becomes %s', (reply, renamed) => {
  expect(renameFields(reply)).toBe(renamed);
});

test('XML keeps its declaration, comments, attributes and what is of SOAP, and stays well-formed', () => {
  const reply = `<?xml version="1.0"?><!-- <a> --><s:Envelope xmlns:s="urn:s"><s:Header/><s:Body>
<Тариф код="1"><t:Rate xmlns:t="urn:t" a="b"/>1 &lt; 2</Тариф></s:Body></s:Envelope>`;
  const renamed = renameFields(reply);
  expect(XMLValidator.validate(renamed)).toBe(true);
  const { Envelope } = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false }).parse(renamed);
  expect(Envelope.Body).toEqual({ ТарифV2: { '@_код': '1', RateV2: { '@_a': 'b' }, '#text': '1 < 2' } });
});

test('a fault of SOAP is told as before', () => {
  const fault = '<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>';
  expect(renameFields(fault)).toBe(fault);
});
