import { z } from 'zod';
import type { InsurerContext } from '../insurers/insurer.ts';
import { InsurerReplyError, quoted } from './insurer-reply-error.ts';
import { readShape } from './read-shape.ts';
import { requestText, wrongStatus } from './request-text.ts';
import { type Prefixes, parseXml } from './xml.ts';

/** SOAP 1.1, section 4.1.2. */
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

/** Fault's own children are the only names of a reply that belong to no namespace (SOAP 1.1, section 4.4). */
const Fault = z.object({ 'none:faultcode': z.string(), 'none:faultstring': z.string() });
const Body = z.record(z.string(), z.unknown());
const Envelope = z.object({ 'soap:Envelope': z.object({ 'soap:Body': Body }) });

export interface SoapCall<Schema extends z.ZodType> {
  url: string;
  /** The SOAPAction header, without its quotes. */
  action: string;
  /** What goes into the body of the envelope, as XML. */
  body: string;
  /** The namespace of the answer's elements; others are left out. */
  namespace: string;
  /** More namespaces whose elements and attributes are read, and the prefix they then have. */
  others?: Prefixes;
  /** The element that the answer's body holds. */
  answer: string;
  schema: Schema;
}

/**
 * A SOAP 1.1 call, its answer read by the insurer's schema; prefixes do not matter, namespaces do. A fault comes with
 * status 500 (section 6.2), and is told by its own words. Throws InsurerReplyError.
 */
export async function callSoap<Schema extends z.ZodType>(
  ctx: InsurerContext,
  call: SoapCall<Schema>,
): Promise<z.output<Schema>> {
  const { status, text } = await requestText(ctx, {
    url: call.url,
    method: 'POST',
    headers: { accept: 'text/xml', 'content-type': 'text/xml; charset=utf-8', soapaction: `"${call.action}"` },
    body: `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${ENVELOPE}"><soap:Body>${call.body}</soap:Body></soap:Envelope>`,
    mediaTypes: ['text/xml'],
    tellingStatuses: [500],
  });
  const prefixes = { [ENVELOPE]: 'soap:', '': 'none:', ...call.others, [call.namespace]: '' };
  const body = readBody(text, { prefixes, status });
  if ('soap:Fault' in body) throw faultOf(body['soap:Fault']);
  if (status !== 200) throw wrongStatus(status);
  const answer = body[call.answer];
  if (answer === undefined) throw new InsurerReplyError('schema', `the SOAP body holds no ${call.answer}`);
  return readShape(call.schema, answer);
}

/** XML has no lists: one element reads as itself, none as nothing. This reads any number, up to 1000, as an array. */
export function elements<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(schema).max(1000),
  );
}

/** A 500 whose body is no envelope is told by its status. */
function readBody(text: string, { prefixes, status }: { prefixes: Prefixes; status: number }): z.output<typeof Body> {
  try {
    const document = Envelope.safeParse(parseXml(text, prefixes));
    if (document.success) return document.data['soap:Envelope']['soap:Body'];
    throw new InsurerReplyError('malformed', 'the XML is no SOAP 1.1 envelope with a body');
  } catch (error) {
    throw status === 200 ? error : wrongStatus(status);
  }
}

function faultOf(value: unknown): InsurerReplyError {
  const fault = Fault.safeParse(value);
  if (!fault.success) return new InsurerReplyError('fault', 'SOAP fault without a code or a text');
  const { 'none:faultcode': code, 'none:faultstring': words } = fault.data;
  return new InsurerReplyError('fault', `SOAP fault ${quoted(code)}: ${quoted(words)}`);
}
