import { wsdl } from './wsdl.ts';

/** The namespace of Ural's messages. */
export const NAMESPACE = 'urn:ural-garant:tariffs:1';

const OPERATIONS = {
  [`${NAMESPACE}#GetTariffs`]: { name: 'GetTariffs', request: 'GetTariffs', answer: 'GetTariffsResponse' },
  [`${NAMESPACE}#GetCoefficients`]: {
    name: 'GetCoefficients',
    request: 'GetCoefficients',
    answer: 'GetCoefficientsResponse',
  },
};

const call = (name: string) => `      <xs:element name="${name}"><xs:complexType><xs:sequence>
        <xs:element name="Product" type="xs:string"/>
        <xs:element name="Offset" type="xs:unsignedInt"/>
        <xs:element name="Limit" type="xs:unsignedInt"/>
      </xs:sequence></xs:complexType></xs:element>`;

const SCHEMAS = `    <xs:schema targetNamespace="${NAMESPACE}" elementFormDefault="qualified">
${call('GetTariffs')}
${call('GetCoefficients')}
      <xs:element name="GetTariffsResponse"><xs:complexType><xs:sequence>
        <xs:element name="Edition" type="xs:string"/>
        <xs:element name="CommissionPerMille" type="xs:decimal"/>
        <xs:element name="Offset" type="xs:unsignedInt"/>
        <xs:element name="Total" type="xs:unsignedInt"/>
        <xs:element name="Rate" type="tns:Rate" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="GetCoefficientsResponse"><xs:complexType><xs:sequence>
        <xs:element name="Edition" type="xs:string"/>
        <xs:element name="Status" type="tns:Status"/>
        <xs:element name="CommissionPerMille" type="xs:decimal" minOccurs="0"/>
        <xs:element name="Terms" type="tns:Terms" minOccurs="0"/>
        <xs:element name="Offset" type="xs:unsignedInt" minOccurs="0"/>
        <xs:element name="Total" type="xs:unsignedInt" minOccurs="0"/>
        <xs:element name="Coefficient" type="tns:Coefficient" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:simpleType name="Status"><xs:restriction base="xs:string">
        <xs:enumeration value="ON_SALE"/><xs:enumeration value="WITHDRAWN"/>
      </xs:restriction></xs:simpleType>
      <xs:complexType name="Rate">
        <xs:sequence>
          <xs:element name="BaseRate" type="tns:Amount"/>
          <xs:element name="ValidFrom" type="xs:date"/>
          <xs:element name="ValidUntil" type="xs:date" minOccurs="0"/>
        </xs:sequence>
        <xs:attribute name="class" type="xs:string" use="required"/>
      </xs:complexType>
      <xs:complexType name="Amount"><xs:simpleContent><xs:extension base="xs:unsignedLong">
        <xs:attribute name="unit" type="xs:string" use="required"/>
      </xs:extension></xs:simpleContent></xs:complexType>
      <xs:complexType name="Terms"><xs:sequence>
        <xs:element name="AnnualRate" maxOccurs="unbounded"><xs:complexType><xs:simpleContent><xs:extension base="xs:decimal">
          <xs:attribute name="of" type="xs:string" use="required"/>
          <xs:attribute name="unit" type="xs:string" use="required"/>
        </xs:extension></xs:simpleContent></xs:complexType></xs:element>
        <xs:element name="MinSum" type="tns:Amount" minOccurs="0"/>
        <xs:element name="MaxAgeAtEnd" type="xs:unsignedInt" minOccurs="0"/>
      </xs:sequence></xs:complexType>
      <xs:complexType name="Coefficient">
        <xs:sequence>
          <xs:choice>
            <xs:element name="Code" type="xs:string"/>
            <xs:sequence>
              <xs:element name="From" type="xs:unsignedLong"/>
              <xs:element name="To" type="xs:unsignedLong"/>
            </xs:sequence>
          </xs:choice>
          <xs:element name="Value" type="xs:decimal"/>
        </xs:sequence>
        <xs:attribute name="table" type="xs:string" use="required"/>
      </xs:complexType>
    </xs:schema>`;

/** WSDL 1.1, document/literal, of the service at `address`. */
export function uralWsdl(address: string): string {
  return wsdl({ name: 'TariffService', namespace: NAMESPACE, address, operations: OPERATIONS, schemas: SCHEMAS });
}
