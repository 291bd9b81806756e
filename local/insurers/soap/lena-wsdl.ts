import { wsdl } from './wsdl.ts';

/** The namespace of Lena's messages. */
export const MESSAGES = 'http://ws.lena-strah.example/tarify/2';
/** The namespace of what her messages are made of. */
export const TYPES = 'http://ws.lena-strah.example/tipy/2';

const OPERATIONS = {
  [`${MESSAGES}/PoluchitTarify`]: { name: 'PoluchitTarify', request: 'ZaprosTarifov', answer: 'OtvetTarify' },
};

const SCHEMAS = `    <xs:schema targetNamespace="${MESSAGES}" elementFormDefault="qualified" xmlns:t="${TYPES}">
      <xs:import namespace="${TYPES}"/>
      <xs:element name="ZaprosTarifov"><xs:complexType><xs:sequence>
        <xs:element name="Produkt" type="t:Produkt"/>
        <xs:element name="NomerStranicy" type="xs:positiveInteger"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="OtvetTarify"><xs:complexType>
        <xs:sequence><xs:element name="Tarif" type="tns:Tarif" nillable="true"/></xs:sequence>
        <xs:attribute name="Redakciya" type="xs:string" use="required"/>
        <xs:attribute name="Stranica" type="xs:positiveInteger" use="required"/>
        <xs:attribute name="VsegoStranic" type="xs:unsignedInt" use="required"/>
        <xs:attribute name="VsegoStrok" type="xs:unsignedInt" use="required"/>
      </xs:complexType></xs:element>
      <xs:complexType name="Tarif">
        <xs:sequence>
          <xs:element ref="t:Usloviya" minOccurs="0"/>
          <xs:element ref="t:Stavka" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element ref="t:Koefficient" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element ref="t:Shkala" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
        <xs:attribute name="KomissiyaProcent" type="t:Desyatichnoe"/>
      </xs:complexType>
    </xs:schema>
    <xs:schema targetNamespace="${TYPES}" elementFormDefault="qualified" xmlns:t="${TYPES}">
      <xs:simpleType name="Produkt"><xs:restriction base="xs:string">
        <xs:enumeration value="OSAGO"/><xs:enumeration value="VZR"/><xs:enumeration value="ZHIZN"/>
      </xs:restriction></xs:simpleType>
      <xs:simpleType name="Desyatichnoe"><xs:restriction base="xs:string">
        <xs:pattern value="[0-9]+(,[0-9]{1,4})?"/>
      </xs:restriction></xs:simpleType>
      <xs:simpleType name="Spisok"><xs:restriction base="xs:string">
        <xs:pattern value="[0-9,]+(;[0-9,]+)*"/>
      </xs:restriction></xs:simpleType>
      <xs:element name="Usloviya"><xs:complexType>
        <xs:attribute name="StavkaVDenRub" type="t:Desyatichnoe"/>
        <xs:attribute name="RubNa100000" type="t:Desyatichnoe"/>
        <xs:attribute name="VozrastOkonchaniya" type="xs:unsignedInt"/>
      </xs:complexType></xs:element>
      <xs:element name="Stavka"><xs:complexType>
        <xs:attribute name="TipTS" type="xs:string" use="required"/>
        <xs:attribute name="Rub" type="t:Desyatichnoe" use="required"/>
        <xs:attribute name="S" type="xs:dateTime" use="required"/>
        <xs:attribute name="Po" type="xs:dateTime"/>
      </xs:complexType></xs:element>
      <xs:element name="Koefficient"><xs:complexType>
        <xs:attribute name="Imya" type="xs:string" use="required"/>
        <xs:attribute name="Kod" type="xs:string" use="required"/>
        <xs:attribute name="K" type="t:Desyatichnoe" use="required"/>
      </xs:complexType></xs:element>
      <xs:element name="Shkala"><xs:complexType>
        <xs:attribute name="Imya" type="xs:string" use="required"/>
        <xs:attribute name="Menee" type="t:Spisok" use="required"/>
        <xs:attribute name="K" type="t:Spisok" use="required"/>
      </xs:complexType></xs:element>
    </xs:schema>`;

/** WSDL 1.1, document/literal, of the service at `address`. */
export function lenaWsdl(address: string): string {
  return wsdl({ name: 'Tarify', namespace: MESSAGES, address, operations: OPERATIONS, schemas: SCHEMAS });
}
