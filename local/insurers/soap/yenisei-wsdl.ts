import { wsdl } from './wsdl.ts';

/** The namespace of Yenisei's messages. */
export const NAMESPACE = 'https://b2b.yenisei-polis.example/pricelist/2024-10';

const operation = (name: string) => ({
  [`${NAMESPACE}/IPriceList/${name}`]: { name, request: name, answer: `${name}Response` },
});

const call = (name: string) => `      <xs:element name="${name}"><xs:complexType>
        <xs:attribute name="agent" type="tns:Agent" use="required"/>
      </xs:complexType></xs:element>`;

const SCHEMAS = `    <xs:schema targetNamespace="${NAMESPACE}" elementFormDefault="qualified">
${call('OsagoPriceList')}
${call('LifePriceList')}
      <xs:simpleType name="Agent"><xs:restriction base="xs:string"><xs:pattern value="[a-z]{1,32}"/></xs:restriction></xs:simpleType>
      <xs:simpleType name="Day"><xs:restriction base="xs:string"><xs:pattern value="[0-9]{8}"/></xs:restriction></xs:simpleType>
      <xs:element name="OsagoPriceListResponse"><xs:complexType>
        <xs:sequence>
          <xs:element name="line" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
            <xs:attribute name="tariff" type="xs:string" use="required"/>
            <xs:attribute name="rub" type="xs:decimal" use="required"/>
            <xs:attribute name="since" type="tns:Day" use="required"/>
            <xs:attribute name="till" type="tns:Day"/>
          </xs:complexType></xs:element>
        </xs:sequence>
        <xs:attribute name="list" type="xs:string" use="required"/>
        <xs:attribute name="commission" type="xs:decimal" use="required"/>
        <xs:attribute name="total" type="xs:unsignedInt" use="required"/>
      </xs:complexType></xs:element>
      <xs:element name="LifePriceListResponse"><xs:complexType>
        <xs:sequence>
          <xs:element name="factor" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
            <xs:attribute name="group" type="xs:string" use="required"/>
            <xs:attribute name="code" type="xs:string" use="required"/>
            <xs:attribute name="percent" type="xs:decimal" use="required"/>
          </xs:complexType></xs:element>
          <xs:element name="threshold" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
            <xs:attribute name="group" type="xs:string" use="required"/>
            <xs:attribute name="from" type="xs:unsignedInt" use="required"/>
            <xs:attribute name="percent" type="xs:decimal"/>
            <xs:attribute name="decline" type="xs:boolean"/>
          </xs:complexType></xs:element>
        </xs:sequence>
        <xs:attribute name="list" type="xs:string" use="required"/>
        <xs:attribute name="onSale" type="xs:boolean" use="required"/>
        <xs:attribute name="commission" type="xs:decimal"/>
        <xs:attribute name="total" type="xs:unsignedInt"/>
        <xs:attribute name="perMillion" type="xs:decimal"/>
        <xs:attribute name="ageAtEnd" type="xs:unsignedInt"/>
      </xs:complexType></xs:element>
    </xs:schema>`;

/** WSDL 1.1, document/literal, of the service at `address`. */
export function yeniseiWsdl(address: string): string {
  const operations = { ...operation('OsagoPriceList'), ...operation('LifePriceList') };
  return wsdl({ name: 'PriceList', namespace: NAMESPACE, address, operations, schemas: SCHEMAS });
}
