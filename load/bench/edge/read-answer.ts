import { request } from 'node:http';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** What is asked for, over and over. */
export interface Question {
  readonly url: string;
  readonly key: string;
}

/** Asks once, on a connection of its own. */
export function readAnswer({ url, key }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, headers: { authorization: `Bearer ${key}` } }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const { rawHeaders, statusCode = 0 } = response;
      const headers = rawHeaders.flatMap((name, at) =>
        at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ''] as const] : [],
      );
      resolve({ status: statusCode, headers, body: Buffer.concat(chunks) });
    });
    asked.once('error', reject).end();
  });
}

/** A header of an answer; empty when it has none. */
export const headerOf = ({ headers }: Answer, name: string): string =>
  headers.find(([known]) => known === name)?.[1] ?? '';
