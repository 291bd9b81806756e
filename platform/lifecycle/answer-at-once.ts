import { type IncomingMessage, type ServerResponse, STATUS_CODES, validateHeaderValue } from 'node:http';
import { KEEP_ALIVE_MS } from './serve.ts';

/** A whole answer. */
export interface Whole {
  readonly status: number;
  /** What many answers of one status have in common: the same object for as long as it says the same. Its names are in lower case. */
  readonly shared: Readonly<Record<string, string>>;
  /** What only this one has. The caller answers for its values: nothing of them came from outside unchecked. */
  readonly own: Readonly<Record<string, string>>;
  /** Text is in ASCII: as many bytes as characters. */
  readonly body: Uint8Array | string;
}

/** Of `shared`, as text. */
const texts = new WeakMap<Whole['shared'], string>();

/**
 * Answers a request of node:http. `writeHead` checks and joins each field of each answer anew, which takes longer than all the rest
 * of a cached one; here what answers have in common is text already. Node has no public way to take a head as text: it keeps
 * it in `_header`, as it has since its first releases, and `end` sends it. What Node decides by itself for HTTP/1.0, or
 * when a connection is to end, is left to `writeHead`.
 */
export function answerAtOnce(incoming: IncomingMessage, response: ServerResponse, whole: Whole): void {
  const { status, shared, own, body } = whole;
  const length = typeof body === 'string' ? body.length : body.byteLength;
  if (incoming.httpVersion !== '1.1' || !response.shouldKeepAlive || response.hasHeader('connection')) {
    response.writeHead(status, { ...shared, ...own, 'content-length': length }).end(body);
    return;
  }
  let head = textOf(whole);
  for (const name in own) head += `${name}: ${own[name]}\r\n`;
  head += `content-length: ${length}\r\nDate: ${dateNow()}\r\nConnection: keep-alive\r\n`;
  head += `Keep-Alive: timeout=${KEEP_ALIVE_MS / 1_000}\r\n\r\n`;
  Object.assign(response, { statusCode: status, _header: head });
  response.end(body);
}

function textOf({ status, shared }: Whole): string {
  const known = texts.get(shared);
  if (known !== undefined) return known;
  const lines = Object.entries(shared).map(([name, value]) => {
    validateHeaderValue(name, value);
    return `${name}: ${value}\r\n`;
  });
  const text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}`;
  texts.set(shared, text);
  return text;
}

let date = { second: Number.NaN, text: '' };
/** RFC 9110, section 5.6.7; made once a second. */
function dateNow(): string {
  const now = Date.now();
  const second = Math.floor(now / 1_000);
  if (second !== date.second) date = { second, text: new Date(now).toUTCString() };
  return date.text;
}
