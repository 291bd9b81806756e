import { expect, test } from 'vitest';
import { schemaFaults } from './schema.testing.ts';
import { wsdl } from './wsdl.ts';

const schemas = `<xs:schema>
  <xs:element name="Answer"><xs:complexType>
    <xs:sequence>
      <xs:element name="Price" type="xs:unsignedInt"/>
      <xs:element name="Kind" type="tns:Kind" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="day" type="xs:date" use="required"/>
  </xs:complexType></xs:element>
  <xs:simpleType name="Kind"><xs:restriction base="xs:string"><xs:enumeration value="A"/><xs:enumeration value="B"/></xs:restriction></xs:simpleType>
</xs:schema>`;
const described = wsdl({ name: 'S', namespace: 'urn:s', address: 'http://s.test', operations: {}, schemas });
const GOOD = '<Answer day="2026-11-22"><Price>1</Price><Kind>B</Kind></Answer>';

test.each([
  [GOOD, []],
  [GOOD.replace('<Kind>B</Kind>', ''), []],
  [GOOD.replaceAll('Answer', 'Reply'), ['Reply is not declared']],
  [GOOD.replace(' day="2026-11-22"', ''), ['Answer/@day is missing']],
  [GOOD.replace('2026-11-22', '22.11.2026'), ['Answer/@day: "22.11.2026" is no date']],
  [GOOD.replace('day=', 'time="1" day='), ['Answer/@time is not declared']],
  [GOOD.replace('<Price>1</Price>', ''), ['Answer/Price comes 0 times']],
  [GOOD.replace('<Price>', '<Price>2</Price><Price>'), ['Answer/Price comes 2 times']],
  [GOOD.replace('<Price>1', '<Price>1.5'), ['Answer/Price: "1.5" is no unsignedInt']],
  [GOOD.replace('<Kind>B', '<Kind>C'), ['Answer/Kind: "C" is no Kind']],
  [GOOD.replaceAll('Kind', 'Sort'), ['Answer/Sort is not declared']],
  [GOOD.replace('<Answer ', '<Answer xsi:nil="true" '), ['Answer is not nillable']],
])('schemaFaults tells what is not as declared in %s', (message, faults) => {
  expect(schemaFaults(described, `<Envelope><Body>${message}</Body></Envelope>`)).toEqual(faults);
});
