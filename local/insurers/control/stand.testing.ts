import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { serve } from '#platform/lifecycle/serve.ts';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { createInsurersApp } from '../app.ts';
import { type Book, type Simulator, sinceEdition } from '../simulator.ts';

const NAMESPACE = 'urn:zapad';
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

/** The day on which the insurers of the tests are asked; the first rate of `vostok` has ended, the third is coming. */
export const NOW = new Date('2026-11-22T09:00:00Z');

/** Sells everything, in JSON that is its book; tells the address that it was asked at. */
export const vostok: Simulator = {
  id: 'vostok',
  book: () => ({
    osago: {
      commissionRateBps: 750,
      rates: [
        { row: '2.2', baseRateMinor: 451_200, from: '2025-12-09', until: '2026-06-01' },
        { row: '2.2', baseRateMinor: 498_630, from: '2026-06-01', until: '2027-07-01' },
        { row: '2.2', baseRateMinor: 517_405, from: '2027-07-01', until: null },
        sinceEdition('2.3', 1_750_000),
      ],
    },
    travel: {
      commissionRateBps: 2_000,
      terms: {
        dailyRateMinor: 9_000,
        territory: { schengen: '1' },
        sumInsuredEur: { '30000': '1' },
        activity: { none: '1' },
        age: [{ upTo: 64, factor: '1' }],
        days: [{ upTo: 90, factor: '1' }],
      },
    },
    property: {
      commissionRateBps: 2_500,
      terms: {
        ratePerMille: { flat: '2.85' },
        material: { brick: '1' },
        use: { own: '1' },
        alarm: { no: '1' },
        buildingAge: [{ upTo: 60, factor: '1' }],
        sumInsured: [{ upTo: 20_000_000, factor: '1' }],
        minSumInsured: 300_000,
        months: [{ upTo: 12, factor: '1' }],
      },
    },
    life: {
      commissionRateBps: 3_000,
      terms: {
        ratePerMille: '2.0501',
        age: [{ upTo: 65, factor: '1' }],
        sex: { female: '1' },
        smoker: { no: '1' },
        occupation: { office: '1' },
        years: [{ upTo: 30, factor: '1' }],
        sumInsured: [{ upTo: 5_000_000, factor: '1' }],
        maxAgeAtEnd: 70,
      },
    },
  }),
  serve: (book) =>
    new Hono()
      .get('/tariffs', (c) => c.json({ data: { sold: book } }))
      .get('/address', (c) => c.json({ address: c.req.url })),
};

/** Sells OSAGO alone, in SOAP to who posts anything. */
export const zapad: Simulator = {
  id: 'zapad',
  book: () => ({ osago: { commissionRateBps: 605, rates: [sinceEdition('2.2', 524_300)] } }),
  serve: (book) =>
    new Hono().post('/ws', async (c) => {
      await c.req.text();
      return c.body(envelope(book), 200, { 'content-type': 'text/xml; charset=utf-8' });
    }),
};

function envelope({ osago }: Book): string {
  const rates = osago.rates.map(({ row, baseRateMinor }) => `<z:Rate class="${row}">${baseRateMinor}</z:Rate>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="${ENVELOPE}"><s:Body><z:Rates xmlns:z="${NAMESPACE}">${rates.join('')}</z:Rates></s:Body></s:Envelope>`;
}

/** An insurers' process as its callers see it: a real server on a port of its own, whose waits the test ends. */
export async function stand() {
  const held = new Set<Socket>();
  const waits: { ms: number; end: () => void }[] = [];
  const wait: Wait = (ms, signal) =>
    new Promise((end) => {
      waits.push({ ms, end });
      signal.addEventListener('abort', () => end());
    });
  const app = createInsurersApp([vostok, zapad], { held, wait, now: () => NOW });
  const answers: Promise<Response>[] = [];
  const connections: { socket: Socket; over: Promise<unknown> }[] = [];
  let came = Promise.withResolvers<void>();
  const server = await serve(
    (request, env) => {
      const bindings = env as HttpBindings;
      connections.push({ socket: bindings.incoming.socket, over: once(bindings.outgoing, 'close') });
      const answer = Promise.resolve(app.fetch(request, bindings));
      answers.push(answer);
      came.resolve();
      return answer;
    },
    { host: '127.0.0.1', port: 0, quietMs: 20 },
  );
  const base = `http://127.0.0.1:${server.port}`;
  return {
    port: server.port,
    base,
    held,
    waits,
    /** Of the requests that count, in their order: what they are answered, and over which connection of the server. */
    answers,
    connections,
    /** Gives an insurer a fault; what comes next is the first request that counts. */
    async fault(id: string, fault: Record<string, unknown>) {
      const response = await fetch(`${base}/control/${id}/fault`, { method: 'PUT', body: JSON.stringify(fault) });
      if (response.status !== 200) throw new Error(await response.text());
      await response.text();
      answers.length = 0;
      connections.length = 0;
      came = Promise.withResolvers();
    },
    /** Resolves when the first request that counts has reached its insurer. */
    reached: () => came.promise,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
