import { METHODS, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wait } from '#platform/lifecycle/wait.ts';
import { expectDocumented, seriesOf } from '#platform/telemetry/metrics.conformance.ts';
import type { Demo, DemoRegion } from './read-demo.ts';
import { issue, quote } from './sale.testing.ts';
import { type Checkout, checkout, demoOf, type Running, startReady, stop } from './start.testing.ts';

const SERVICES = {
  edge: 'edgeMetrics',
  'core-app': 'core',
  'ins-comp-settlement': 'settlement',
  'ins-product-aggregator': 'aggregator',
} as const;
type Service = keyof typeof SERVICES;

let place: Checkout;
let running: Running;
let demo: Demo;
let region: DemoRegion;
beforeAll(async () => {
  place = await checkout();
  running = await startReady(place, ['--regions', 'msk']);
  demo = await demoOf(place);
  region = demo.regions[0] as DemoRegion;
  const { offers, risk } = await quote(region, demo.keys.site);
  await issue(region, { key: demo.keys.site, offer: offers[0]?.token ?? '', startsOn: risk.startsOn });
  await until(async () => (await scrape('ins-comp-settlement')).match(/applied",[^}]*\} [1-9]/) !== null);
  // An edge in use asks core once a second whether tariffs are new.
  await until(async () => {
    await quote(region, demo.keys.site);
    return (await scrape('core-app')).includes('route="/internal/catalogue"');
  });
});
afterAll(async () => {
  await stop(running);
  await place[Symbol.asyncDispose]();
});

/** Asks again, a little apart, until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(50, new AbortController().signal);
}

const scrape = async (service: Service) => (await fetch(`${region[SERVICES[service]]}/metrics`)).text();

describe.each(Object.keys(SERVICES) as Service[])('/metrics of %s', (service) => {
  it('R8 (d) is what the table of platform/README.md says, each metric with its help, type and labels', async () => {
    expectDocumented(service, await scrape(service));
  });

  it('names service and region on every series', async () => {
    for (const series of seriesOf(await scrape(service))) {
      expect(series).toContain(`service="${service}"`);
      expect(series).toContain('region="msk"');
    }
  });
});

/** Any request, also one that fetch would not make. */
function send(url: string, { method, headers }: { method: string; headers: Record<string, string> }): Promise<void> {
  return new Promise((resolve) => {
    const sent = request(url, { method, headers, timeout: 5_000 }, (answer) => {
      answer.resume();
      answer.once('close', () => resolve());
    });
    sent.once('error', () => resolve());
    sent.end();
  });
}

/** What callers may write, at every port, no two alike from one `n` to another; all of a kind end alike. */
function strangeRequests(n: number) {
  const word = `strange${n}`;
  const paths = [
    `/${word}`,
    `/v1/${word}/${word}`,
    `/v1/quotes/${word}?${word}=${word}`,
    `/v1/quotes/osago?subject=${word}`,
    `/v1/policies/msk-${word}`,
    `/v1/policies/msk-${word}/cancel`,
    `/v1/partners/${word}`,
    `/v1/registers/${word}/2026-0${1 + (n % 9)}`,
    `/v1/insurers/${word}/poll`,
    `/v1/dead-letters/${word}/replay`,
    `/internal/partners/${word}`,
    `/healthz/${word}`,
  ];
  const keys = [`Bearer ${demo.keys.site}`, `Bearer ${demo.keys.operator}`, `Bearer ik_${word}_${'A'.repeat(43)}`];
  const methods = ['GET', 'POST', METHODS.filter((method) => method !== 'CONNECT')[n % (METHODS.length - 1)] ?? 'GET'];
  return [region.edge, region.core, region.settlement, region.aggregator].flatMap((base) =>
    paths.flatMap((path) =>
      methods.flatMap((method) =>
        keys.map((authorization) => ({
          url: `${base}${path}`,
          method,
          headers: {
            authorization,
            'x-request-id': `${word}-${word}`,
            'idempotency-key': `${word}-key`,
            'user-agent': word,
          },
        })),
      ),
    ),
  );
}

async function sendStrange(from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1) {
    await Promise.all(strangeRequests(n).map(({ url, ...sent }) => send(url, sent)));
  }
}

/** Every metric with each of its labels. A status is the server's word, never the caller's. */
const labelsOf = (text: string) =>
  seriesOf(text).flatMap((series) => {
    const [name = '', labels = ''] = series.split('{');
    return [...labels.matchAll(/(\w+)="[^"]*"/g)]
      .filter(([, label]) => label !== 'status')
      .map(([pair]) => `${name} ${pair}`);
  });

describe('whatever callers write', () => {
  it('R7 R8 no series begins for it, and no label has it', async () => {
    // As many rounds as there are methods. In which way each is answered, by a limit or by its route, is the clock's to say:
    // so what must not grow is what each label may be.
    await sendStrange(0, METHODS.length);
    const scrapeAll = async () => (await Promise.all((Object.keys(SERVICES) as Service[]).map(scrape))).join('\n');
    const before = new Set(labelsOf(await scrapeAll()));
    await sendStrange(1_000, 1_000 + METHODS.length);
    const after = await scrapeAll();
    expect(labelsOf(after).filter((label) => !before.has(label))).toEqual([]);
    expect(after).not.toMatch(/strange|ik_/);
    expect(after).toContain('method="_OTHER"');
  });
});
