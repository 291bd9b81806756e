import { Agent, request } from 'node:http';
import type { Answer, Asked } from './exchange.testing.ts';
import { maskAnswer } from './mask-answer.testing.ts';

/** A sender that writes the request line itself: `fetch` would resolve dots and encode what it does not like. */
export function sendRaw(url: string): { send(asked: Asked): Promise<Answer>; close(): void } {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  const send = ({ target, method = 'GET', headers = {}, body, chunked }: Asked) =>
    new Promise<Answer>((resolve, reject) => {
      const length = body === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const sending = request({ agent, hostname, port, path: target, method, headers: { ...length, ...headers } });
      sending.once('error', reject);
      sending.once('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const pairs = Object.entries(response.headersDistinct).map(([name, all]) => [name, (all ?? []).join(', ')]);
          const headersShown = pairs as [string, string][];
          resolve(
            maskAnswer({
              status: response.statusCode ?? 0,
              headers: headersShown,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        });
      });
      sending.end(body);
    });
  return { send, close: () => agent.destroy() };
}
