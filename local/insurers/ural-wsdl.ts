/** The namespace of Ural's messages. */
export const NAMESPACE = 'urn:ural-garant:tariffs:1';

/** WSDL 1.1, document/literal, of the service at `address`. */
export function uralWsdl(address: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="${NAMESPACE}" name="TariffService" targetNamespace="${NAMESPACE}">
  <wsdl:types>
    <xs:schema targetNamespace="${NAMESPACE}" elementFormDefault="qualified">
      <xs:element name="GetTariffs"><xs:complexType><xs:sequence>
        <xs:element name="Product" type="xs:string"/>
        <xs:element name="Offset" type="xs:unsignedInt"/>
        <xs:element name="Limit" type="xs:unsignedInt"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="GetTariffsResponse"><xs:complexType><xs:sequence>
        <xs:element name="Edition" type="xs:string"/>
        <xs:element name="CommissionPerMille" type="xs:decimal"/>
        <xs:element name="Offset" type="xs:unsignedInt"/>
        <xs:element name="Total" type="xs:unsignedInt"/>
        <xs:element name="Rate" type="tns:Rate" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:complexType name="Rate">
        <xs:sequence>
          <xs:element name="BaseRate"><xs:complexType><xs:simpleContent><xs:extension base="xs:unsignedLong">
            <xs:attribute name="unit" type="xs:string" use="required"/>
          </xs:extension></xs:simpleContent></xs:complexType></xs:element>
          <xs:element name="ValidFrom" type="xs:date"/>
          <xs:element name="ValidUntil" type="xs:date" minOccurs="0"/>
        </xs:sequence>
        <xs:attribute name="class" type="xs:string" use="required"/>
      </xs:complexType>
    </xs:schema>
  </wsdl:types>
  <wsdl:message name="GetTariffsRequest"><wsdl:part name="parameters" element="tns:GetTariffs"/></wsdl:message>
  <wsdl:message name="GetTariffsResponse"><wsdl:part name="parameters" element="tns:GetTariffsResponse"/></wsdl:message>
  <wsdl:portType name="TariffPort">
    <wsdl:operation name="GetTariffs">
      <wsdl:input message="tns:GetTariffsRequest"/>
      <wsdl:output message="tns:GetTariffsResponse"/>
    </wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="TariffBinding" type="tns:TariffPort">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="GetTariffs">
      <soap:operation soapAction="${NAMESPACE}#GetTariffs"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="TariffService">
    <wsdl:port name="TariffPort" binding="tns:TariffBinding"><soap:address location="${address}"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}
