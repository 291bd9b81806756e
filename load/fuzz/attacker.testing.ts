import { connect } from 'node:net';
import { DEMO_RISK } from '../../local/load-demo.ts';
import type { Demo, DemoRegion } from '../../local/read-demo.ts';
import { HOLDER, quote } from '../../local/sale.testing.ts';
import { checkout, demoOf, startReady, stop } from '../../local/start.testing.ts';

/** A region that runs as its users have it, and is there to be attacked. */
export interface Victim extends AsyncDisposable {
  readonly region: DemoRegion;
  readonly keys: Demo['keys'];
  readonly insurers: string;
}

export async function openVictim(): Promise<Victim> {
  const place = await checkout();
  const running = await startReady(place, ['--regions', 'msk']);
  const { regions, keys, insurers } = await demoOf(place);
  return {
    region: regions[0] as DemoRegion,
    keys,
    insurers,
    async [Symbol.asyncDispose]() {
      await stop(running);
      await place[Symbol.asyncDispose]();
    },
  };
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: an attacker knows no types.
  readonly json: any;
}

interface Asked {
  readonly method?: string;
  readonly key?: string | undefined;
  /** Bytes and text are sent as they are, an object as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const toBytes = (body: unknown): string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' || body instanceof Uint8Array
    ? (body as string | Uint8Array<ArrayBuffer>)
    : JSON.stringify(body);

/** One request as any client sends it; redirects are never followed. */
export async function ask(url: string, { method, key, body, headers }: Asked = {}): Promise<Answered> {
  const answer = await fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(body !== undefined && {
      body: toBytes(body),
    }),
  });
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '') && text !== '';
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** The fields that a refusal names. */
export const fieldsIn = ({ json }: Answered): string[] =>
  (json?.errors ?? []).map((error: { field: string }) => error.field);

/** Bytes on a socket as they are, and all that comes back until the server ends it; or until `enough` is there. */
export function sendBytes(
  url: string,
  { bytes, enough }: { bytes: string | Buffer; enough?: (text: string) => boolean },
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (enough?.(text)) socket.destroy();
    });
    // A reset is an end as well: what had come before it is there.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

/** The statuses of the answers on a connection, in their order. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** A quote of the demo's risk. */
export const QUOTE = `/v1/quotes/osago?${DEMO_RISK}`;

/** What buys the cheapest offer there is. */
export async function offerOf({ region, keys }: Victim) {
  const { offers, risk } = await quote(region, keys.site);
  return { offer: offers[0]?.token ?? '', holder: HOLDER, startsOn: risk.startsOn };
}

/** As a part of a JWS. */
export const encoded = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const all = <T>(times: number, run: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, at) => run(at)));

export const count = (answers: readonly Answered[], status: number): number =>
  answers.filter((one) => one.status === status).length;

/** Seconds of the clock that something took a part of: an address and a partner have their limit in each. */
export async function secondsOf<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const begun = Math.floor(Date.now() / 1_000);
  const result = await work();
  return { result, seconds: Math.floor(Date.now() / 1_000) - begun + 1 };
}
