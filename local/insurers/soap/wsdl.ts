interface Description {
  /** Of the service, its port and its binding. */
  name: string;
  namespace: string;
  /** Where the service is. */
  address: string;
  /** SOAPAction to the elements of its request and its answer. */
  operations: Readonly<Record<string, { name: string; request: string; answer: string }>>;
  /** XML schemas of all messages; their own prefixes are declared in them, `tns:` and `xs:` outside. */
  schemas: string;
}

/** WSDL 1.1 of a document/literal service over SOAP 1.1 (WS-I Basic Profile 1.1: one part for each message, an element). */
export function wsdl({ name, namespace, address, operations, schemas }: Description): string {
  const each = (write: (operation: { name: string; request: string; answer: string; action: string }) => string) =>
    Object.entries(operations)
      .map(([action, operation]) => write({ action, ...operation }))
      .join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}" name="${name}" targetNamespace="${namespace}">
  <wsdl:types>
${schemas}
  </wsdl:types>
${each(
  ({
    request,
    answer,
  }) => `  <wsdl:message name="${request}"><wsdl:part name="parameters" element="tns:${request}"/></wsdl:message>
  <wsdl:message name="${answer}"><wsdl:part name="parameters" element="tns:${answer}"/></wsdl:message>`,
)}
  <wsdl:portType name="${name}Port">
${each(
  (operation) => `    <wsdl:operation name="${operation.name}">
      <wsdl:input message="tns:${operation.request}"/>
      <wsdl:output message="tns:${operation.answer}"/>
    </wsdl:operation>`,
)}
  </wsdl:portType>
  <wsdl:binding name="${name}Binding" type="tns:${name}Port">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${each(
  (operation) => `    <wsdl:operation name="${operation.name}">
      <soap:operation soapAction="${operation.action}"/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>`,
)}
  </wsdl:binding>
  <wsdl:service name="${name}">
    <wsdl:port name="${name}Port" binding="tns:${name}Binding"><soap:address location="${address}"/></wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
}
