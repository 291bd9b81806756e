import { XMLParser } from 'fast-xml-parser';
import { type Context, Hono } from 'hono';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  processEntities: false,
  parseTagValue: false,
});

/** The XML of the body's one element, or the words of a fault for which the caller is to blame. */
export type Answer = { body: string } | { refusal: string };

/** A call's own element: children by name, attributes by `@name`; empty when there is none. */
export type Call = Readonly<Record<string, unknown>>;

interface Operation {
  /** The element that a call is. */
  request: string;
  answer: (call: Call) => Answer;
}

interface Service {
  path: string;
  namespace: string;
  wsdl: (address: string) => string;
  /** By SOAPAction. */
  operations: Readonly<Record<string, Operation>>;
}

/** SOAP 1.1 over HTTP: the WSDL at `?wsdl`, calls by POST with their SOAPAction, faults with status 500. */
export function soapService({ path, namespace, wsdl, operations }: Service): Hono {
  const app = new Hono();
  app.get(path, (c) => {
    if (c.req.query('wsdl') === undefined) return c.text('Use ?wsdl, or POST a SOAP envelope', 405);
    return xml(c, wsdl(c.req.url.split('?')[0] ?? ''));
  });
  app.post(path, async (c) => {
    if (!c.req.header('content-type')?.startsWith('text/xml')) return c.text('Unsupported Media Type', 415);
    const text = await c.req.text();
    if (!text.includes(ENVELOPE))
      return fault(c, { code: 'VersionMismatch', words: 'A SOAP 1.1 envelope is expected' });
    const action = /^"(.*)"$/.exec(c.req.header('soapaction') ?? '')?.[1] ?? '';
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
    if (operation === undefined) return fault(c, { code: 'Client', words: 'Unknown operation' });
    const call = text.includes(namespace) ? readCall(text, operation.request) : undefined;
    if (call === undefined) return fault(c, { code: 'Client', words: `No ${operation.request} in the body` });
    const answer = operation.answer(call);
    if ('refusal' in answer) return fault(c, { code: 'Client', words: answer.refusal });
    return xml(c, envelope(answer.body));
  });
  return app;
}

function readCall(text: string, request: string): Call | undefined {
  if (text.includes('<!')) return undefined;
  try {
    const call = parser.parse(text).Envelope?.Body?.[request];
    if (call === '') return {};
    return typeof call === 'object' && !Array.isArray(call) ? call : undefined;
  } catch {
    return undefined;
  }
}

/** SOAP 1.1, section 4.4: the children of a fault belong to no namespace. */
function fault(c: Context, { code, words }: { code: 'Client' | 'VersionMismatch'; words: string }): Response {
  const body = `<soapenv:Fault><faultcode>soapenv:${code}</faultcode><faultstring>${words}</faultstring></soapenv:Fault>`;
  return xml(c, envelope(body), 500);
}

function envelope(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="${ENVELOPE}"><soapenv:Header/><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
}

function xml(c: Context, text: string, status: 200 | 500 = 200): Response {
  return c.body(text, status, { 'content-type': 'text/xml; charset=utf-8' });
}
