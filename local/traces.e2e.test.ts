import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Policy } from '#contracts/policy.ts';
import { type Collector, type ReceivedSpan, receiveSpans } from '#platform/tracing/receive-spans.testing.ts';
import { freePort } from './free-port.ts';
import { KAFKA_PORTS, missingForKafka, startKafka } from './kafka.ts';
import type { DemoRegion } from './read-demo.ts';
import { requireOrSkip } from './require-or-skip.ts';
import { HOLDER, quote, registered } from './sale.testing.ts';
import { checkout, demoOf, run, stop } from './start.testing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const KEY = 'key-of-the-traced-sale';
/** Of the protocol's trace.proto. */
const KIND = { server: 2, client: 3, producer: 4, consumer: 5 };

const stack = { current: new AsyncDisposableStack() };
afterEach(async () => {
  await stack.current.disposeAsync();
  stack.current = new AsyncDisposableStack();
});

/** A region whose services send their spans to a collector. */
async function startTraced(args: readonly string[]) {
  const collector = stack.current.use(await receiveSpans());
  const place = stack.current.use(await checkout());
  const running = run(place.dir, ['local/main.ts', '--port', String(place.port), '--regions', 'msk', ...args], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
  });
  stack.current.defer(async () => void (await stop(running)));
  await running.printed('Ready in');
  const { regions, keys } = await demoOf(place);
  const [region] = regions as [DemoRegion];
  return { collector, place, region, keys };
}

/** Sells one policy within a trace that its buyer began. */
async function sellTraced(region: DemoRegion, key: string): Promise<Policy> {
  const { offers, risk } = await quote(region, key);
  const answer = await fetch(`${region.edge}/v1/policies`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': KEY,
      traceparent: `00-${TRACE}-${PARENT}-01`,
    },
    body: JSON.stringify({ offer: offers[0]?.token, holder: HOLDER, startsOn: risk.startsOn }),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Policy;
}

/** The five spans of a sale's way, once all of them have come. */
function wayOf(collector: Collector) {
  const find = (all: readonly ReceivedSpan[]) => {
    const ours = all.filter(({ traceId }) => traceId === TRACE);
    const [atEdge, call, atCore, sent, handled] = [
      ours.find(({ service, kind }) => service === 'edge' && kind === KIND.server),
      ours.find(({ service, kind, name }) => service === 'edge' && kind === KIND.client && name === 'POST'),
      ours.find(({ service, kind, name }) => service === 'core-app' && kind === KIND.server && name.startsWith('POST')),
      ours.find(({ kind }) => kind === KIND.producer),
      ours.find(({ kind }) => kind === KIND.consumer),
    ];
    return atEdge && call && atCore && sent && handled ? { atEdge, call, atCore, sent, handled } : undefined;
  };
  return collector.until(find);
}

async function expectOneTrace(
  system: string,
  { collector, place, region, keys }: Awaited<ReturnType<typeof startTraced>>,
) {
  const policy = await sellTraced(region, keys.alfa);
  await registered(region, policy, keys.operator);
  const { atEdge, call, atCore, sent, handled } = await wayOf(collector);
  expect(atEdge).toMatchObject({ name: 'POST /v1/policies/*', parentSpanId: PARENT, failed: false });
  expect(call).toMatchObject({ parentSpanId: atEdge.spanId });
  expect(atCore).toMatchObject({ name: 'POST /v1/policies', parentSpanId: call.spanId });
  expect(atCore.attributes).toMatchObject({ 'http.route': '/v1/policies', 'http.response.status_code': 201 });
  const ofEvent = { parentSpanId: atCore.spanId, failed: false };
  expect(sent).toMatchObject({ ...ofEvent, service: 'core-app', name: 'send policies.v1' });
  expect(handled).toMatchObject({ ...ofEvent, service: 'ins-comp-settlement', name: 'process policies.v1' });
  for (const { attributes } of [sent, handled]) expect(attributes['messaging.system']).toBe(system);
  const steps = [atEdge, call, atCore, sent, handled];
  expect(new Set(steps.map(({ spanId }) => spanId)).size).toBe(5);
  expect(steps.map((step) => step.region)).toEqual(Array(5).fill('msk'));
  // What comes later begins later, by one clock; what waits for another ends behind it.
  expect(atEdge.startNano <= call.startNano && call.startNano <= atCore.startNano).toBe(true);
  expect(atCore.startNano <= sent.startNano && atCore.startNano <= handled.startNano).toBe(true);
  expect(atCore.endNano <= call.endNano && call.endNano <= atEdge.endNano).toBe(true);

  const log = await readFile(join(place.dir, '.local/logs/msk-edge.log'), 'utf8');
  expect(log).toContain(`"traceId":"${TRACE}"`);
  const told = collector.text();
  for (const canary of Object.values(HOLDER)) expect(told).not.toContain(canary);
  for (const secret of [...Object.values(keys), KEY, policy.id, policy.number]) expect(told).not.toContain(secret);
  expect(told).not.toContain('ik_');
}

describe('npm start with a collector named', () => {
  it('S3.2 R8 a sale is one trace, from edge through core, outbox and transport to the ledger, and holds nothing of the holder, no key and no policy', async () => {
    await expectOneTrace('in-process', await startTraced([]));
  });

  it('a collector that is away costs no sale', async () => {
    const traced = await startTraced([]);
    await traced.collector[Symbol.asyncDispose]();
    const policy = await sellTraced(traced.region, traced.keys.alfa);
    expect((await registered(traced.region, policy, traced.keys.operator)).premium).toEqual(policy.premium);
    const dropped = async () =>
      (await (await fetch(`${traced.region.core}/metrics`)).text()).match(/outcome="dropped".* (\d+)/)?.[1];
    await expect.poll(async () => Number(await dropped()), { timeout: 20_000 }).toBeGreaterThan(0);
  });
});

const runs = requireOrSkip('a trace through a real Kafka', await missingForKafka());

describe.runIf(runs)('the same over a real Kafka', () => {
  it('S3.2 R8 a sale is one trace over Kafka', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'insuretech-traces-'));
    stack.current.defer(() => rm(dir, { recursive: true, force: true }));
    const port = await freePort(KAFKA_PORTS);
    const broker = stack.current.use(await startKafka({ dir, port }));
    broker.done.catch(() => undefined);
    await expectOneTrace('kafka', await startTraced(['--kafka', `127.0.0.1:${port}`]));
  });
});
