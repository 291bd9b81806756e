import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export type Send = (sent: HttpRequest) => Promise<HttpAnswer>;
/** Absent address: whichever of this machine's leads there. */
export type Connect = (to: { url: string; localAddress?: string }) => Send;

/** Nobody waits for longer than an edge waits for its core. */
const TIMEOUT_MS = 15_000;

/** Sends over connections that are kept open, as many as there are requests under way. Rejects when there is no answer. */
export const connect: Connect = ({ url, localAddress }) => {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  return ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const to = { agent, hostname, port, method, path, headers, ...(localAddress && { localAddress }) };
      const outgoing = request(to, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
        });
        incoming.once('error', reject);
        incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }));
      });
      outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error('no answer in time')));
      outgoing.once('error', reject);
      outgoing.end(body);
    });
};

const REFUSED: readonly (string | undefined)[] = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

/** How a machine that is gone shows itself to who talks to it; the code, undefined for any other trouble. */
export function refusalOf(error: unknown): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  return REFUSED.includes(code) ? code : undefined;
}
