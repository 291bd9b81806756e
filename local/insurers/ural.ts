import { XMLParser } from 'fast-xml-parser';
import { type Context, Hono } from 'hono';
import { type Book, editionOf, type Rate } from './book.ts';
import { NAMESPACE, uralWsdl } from './ural-wsdl.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const MAX_PAGE_SIZE = 2;
const OFFSET = /^\d{1,6}$/;

const CLASSES: Record<string, string> = {
  '1': 'A',
  '2.1': 'B-UL',
  '2.2': 'B-FL',
  '2.3': 'B-TAXI',
  '3.1': 'C-16',
  '3.2': 'C-16P',
  '4.1': 'D1',
  '4.2': 'D',
  '4.3': 'D-REG',
  '5': 'TB',
  '6': 'TM',
  '7': 'SPEC',
};

const parser = new XMLParser({ removeNSPrefix: true, processEntities: false, parseTagValue: false });

/** Ural: SOAP 1.1 with a WSDL, kopecks, commission per mille, pages by offset, faults with status 500. */
export function createUral(book: Book): Hono {
  const app = new Hono();
  app.get('/ws/TariffService', (c) => {
    if (c.req.query('wsdl') === undefined) return c.text('Use ?wsdl, or POST a SOAP envelope', 405);
    return xml(c, uralWsdl(c.req.url.split('?')[0] ?? ''));
  });
  app.post('/ws/TariffService', async (c) => {
    if (!c.req.header('content-type')?.startsWith('text/xml')) return c.text('Unsupported Media Type', 415);
    const text = await c.req.text();
    if (!text.includes(ENVELOPE))
      return fault(c, { code: 'VersionMismatch', words: 'A SOAP 1.1 envelope is expected' });
    if (c.req.header('soapaction') !== `"${NAMESPACE}#GetTariffs"`) {
      return fault(c, { code: 'Client', words: 'Unknown operation' });
    }
    return answer(c, { book, call: readCall(text) });
  });
  return app;
}

function readCall(text: string): Record<string, string> | undefined {
  if (text.includes('<!')) return undefined;
  try {
    return parser.parse(text).Envelope?.Body?.GetTariffs;
  } catch {
    return undefined;
  }
}

function answer(c: Context, { book, call }: { book: Book; call: Record<string, string> | undefined }): Response {
  const { Product, Offset = '', Limit = '' } = call ?? {};
  if (!OFFSET.test(Offset) || !OFFSET.test(Limit)) return fault(c, { code: 'Client', words: 'Wrong Offset or Limit' });
  if (Product !== 'OSAGO') return fault(c, { code: 'Client', words: 'Unknown product' });
  const first = Number(Offset);
  const rates = book.rates.slice(first, first + Math.min(Number(Limit), MAX_PAGE_SIZE));
  return xml(
    c,
    envelope(`<tns:GetTariffsResponse xmlns:tns="${NAMESPACE}"><tns:Edition>${editionOf(book)}</tns:Edition>
<tns:CommissionPerMille>${perMille(book.commissionRateBps)}</tns:CommissionPerMille>
<tns:Offset>${first}</tns:Offset><tns:Total>${book.rates.length}</tns:Total>
${rates.map(rate).join('\n')}</tns:GetTariffsResponse>`),
  );
}

function rate({ row, baseRateMinor, from, until }: Rate): string {
  return [
    `<tns:Rate class="${CLASSES[row] ?? row}"><tns:BaseRate unit="kopeck">${baseRateMinor}</tns:BaseRate>`,
    `<tns:ValidFrom>${from}</tns:ValidFrom>`,
    until === null ? '' : `<tns:ValidUntil>${until}</tns:ValidUntil>`,
    '</tns:Rate>',
  ].join('');
}

function perMille(bps: number): string {
  return bps % 10 === 0 ? String(bps / 10) : `${(bps - (bps % 10)) / 10}.${bps % 10}`;
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
