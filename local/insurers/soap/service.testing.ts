import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import type { Book, Simulator } from '../simulator.ts';
import { schemaFaults } from './schema.testing.ts';

interface Client {
  simulator: Simulator;
  path: string;
  /** SOAPAction of each operation. */
  actions: readonly string[];
}

/** For tests: calls of a simulator as a SOAP client of the outside would make them. */
export function soapClient({ simulator, path }: Client, book: Book = simulator.book()) {
  const app = simulator.serve(book);
  const post = (body: string, headers: Record<string, string>) =>
    app.request(`http://insurers.test${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/xml', ...headers },
    });
  return {
    get: (query: string) => app.request(`http://insurers.test${path}${query}`),
    post,
    call: (action: string, body: string) =>
      post(`<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`, {
        soapaction: `"${action}"`,
      }),
  };
}

/** For tests: a fault's words, which come with status 500 as SOAP 1.1, section 6.2, has it. */
export async function expectFault(response: Response, words: string): Promise<void> {
  expect(response.status).toBe(500);
  expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
  expect(await response.text()).toContain(`</faultcode><faultstring>${words}</faultstring>`);
}

/** What every SOAP simulator does alike. `calls` are one good request for each kind of answer, with its action. */
export function describeSoapService(client: Client, calls: readonly (readonly [action: string, body: string])[]): void {
  const { id } = client.simulator;
  const { get, post, call } = soapClient(client);
  const envelope = '<e xmlns="http://schemas.xmlsoap.org/soap/envelope/"/>';
  const [action = ''] = client.actions;

  test(`${id} describes its operations and its own address at ?wsdl`, async () => {
    const text = await (await get('?wsdl')).text();
    expect(XMLValidator.validate(text)).toBe(true);
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', removeNSPrefix: true });
    const { definitions } = parser.parse(text);
    expect(definitions.service.port.address['@location']).toBe(`http://insurers.test${client.path}`);
    const operations = [definitions.binding.operation].flat();
    expect(operations.map((each) => each.operation['@soapAction'])).toEqual(client.actions);
    expect([definitions.portType.operation].flat().map((each) => each['@name'])).toEqual(
      operations.map((each) => each['@name']),
    );
  });

  test(`${id} sends and takes what its WSDL says, also of products that it no longer sells`, async () => {
    const wsdl = await (await get('?wsdl')).text();
    const { osago } = client.simulator.book();
    for (const sells of [client.simulator.book(), { osago }]) {
      for (const [each, body] of calls) {
        expect(schemaFaults(wsdl, `<Envelope><Body>${body}</Body></Envelope>`)).toEqual([]);
        const response = await soapClient(client, sells).call(each, body);
        expect(response.status).toBe(200);
        const text = await response.text();
        expect(XMLValidator.validate(text)).toBe(true);
        expect(schemaFaults(wsdl, text)).toEqual([]);
      }
    }
  });

  test(`${id} answers only to POST of text/xml`, async () => {
    expect((await get('')).status).toBe(405);
    expect((await post(envelope, { 'content-type': 'application/soap+xml' })).status).toBe(415);
  });

  test.each([
    ['another envelope', '<Envelope/>', action, 'A SOAP 1.1 envelope is expected'],
    ['an unknown operation', envelope, 'urn:x', 'Unknown operation'],
    ['an operation named as something inherited', envelope, 'constructor', 'Unknown operation'],
  ])(`${id} answers %s with a fault`, async (_, body, asked, words) => {
    await expectFault(await post(body, { soapaction: `"${asked}"` }), words);
  });

  test.each([
    ['nothing', ''],
    ['another call', '<Other/>'],
    ['a broken document', '<'],
    ['a DOCTYPE', `<!DOCTYPE a>${calls[0]?.[1]}`],
    ['a call twice', `${calls[0]?.[1]}${calls[0]?.[1]}`],
    ['a call of no namespace', calls[0]?.[1].replace(/ xmlns="[^"]*"/, '') ?? ''],
  ])(`${id} answers an envelope of %s with a fault`, async (_, body) => {
    const response = await call(action, body);
    expect(response.status).toBe(500);
    expect(await response.text()).toMatch(/<faultcode>soapenv:Client<\/faultcode><faultstring>No \w+ in the body</);
  });
}
