import { describe, expect, test } from 'vitest';
import { parseXml } from './xml.ts';

const NS = 'urn:insurer:1';
const GOOD = `<p:Answer xmlns:p="${NS}"><p:Price unit="kopeck">007</p:Price></p:Answer>`;
const parse = (text: string) => parseXml(text, { [NS]: '' });

describe('parseXml', () => {
  test.each([
    ['with a declaration', `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n${GOOD}\n`],
    ['with its namespace as the default one', `<Answer xmlns="${NS}"><Price unit="kopeck">007</Price></Answer>`],
    ['with spaces and lines around values', GOOD.replace('007', '\n  007\t')],
    [
      'with elements and attributes of other namespaces',
      GOOD.replace('<p:Price', '<a/><p:Price xmlns:b="urn:b" b:unit="1"'),
    ],
  ])('reads the same document %s', (_, text) => {
    expect(parse(text)).toEqual({ Answer: { Price: { '@unit': 'kopeck', '#text': '007' } } });
  });

  test.each([
    [
      'a style sheet before the root',
      `<?xml-stylesheet href="http://elsewhere.test/"?>${GOOD}`,
      'processing instruction',
    ],
    ['a second declaration', `<?xml version="1.0"?><?xml version="1.0"?>${GOOD}`, 'processing instruction'],
    [
      'a declaration of another encoding',
      `<?xml version="1.0" encoding="UTF-7"?>${GOOD}`,
      'another encoding than UTF-8',
    ],
    ['a value around an element', GOOD.replace('007', '1<p:x/>2'), 'text between elements'],
    ['a value around an element that is left out', GOOD.replace('007', '1<x/>2'), 'text between elements'],
    ['an element in an attribute', GOOD.replace('kopeck', '<p:Price>'), '"<" in an attribute'],
    ['an attribute given twice', GOOD.replace('unit=', 'unit="rouble" unit='), 'not well-formed'],
    ['a name with two colons', GOOD.replace('<p:Price', '<p:s:Fault/><p:Price'), 'idle colons'],
    ['a name that ends in a colon', GOOD.replace('<p:Price', '<p: /><p:Price'), 'idle colons'],
    [
      'an attribute with a prefix that nothing declares',
      GOOD.replace('unit=', 'q:unit='),
      'a prefix it does not declare',
    ],
    ['a prefix that is undeclared again', GOOD.replace('<p:Price', '<p:Price xmlns:p=""'), 'that cannot be declared'],
    ['the prefix xml bound anew', GOOD.replace('<p:Price', `<p:Price xmlns:xml="${NS}"`), 'that cannot be declared'],
    [
      'the prefix xmlns bound anew',
      GOOD.replace('<p:Price', `<p:Price xmlns:xmlns="${NS}"`),
      'that cannot be declared',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  test('refuses one attribute of one namespace under two prefixes', () => {
    const twice = '<p:Price xmlns:a="urn:i" xmlns:b="urn:i" a:nil="true" b:nil="false"';
    const read = () => parseXml(GOOD.replace('<p:Price', twice), { [NS]: '', 'urn:i': 'i:' });
    expect(read).toThrow('the XML repeats an attribute');
  });
});
