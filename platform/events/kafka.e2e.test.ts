import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { POLICIES } from '#contracts/topics.ts';
import { wait } from '#platform/lifecycle/wait.ts';
import { freePort } from '../../local/free-port.ts';
import { KAFKA_PORTS, missingForKafka, startKafka } from '../../local/kafka.ts';
import { requireOrSkip } from '../../local/require-or-skip.ts';
import { createKafkaTransport } from './kafka.ts';
import { describeTransport } from './transport.conformance.ts';

/** Of six seconds, and the broker looks now and then. */
const LONGER_THAN_A_SESSION_MS = 9_000;

const runs = requireOrSkip('Conformance on a real Kafka', await missingForKafka());

describe.runIf(runs)('real Kafka 4', () => {
  let broker: Awaited<ReturnType<typeof startKafka>>;
  let port: number;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'insuretech-kafka-'));
    port = await freePort(KAFKA_PORTS);
    broker = await startKafka({ dir, port });
    broker.done.catch(() => undefined);
  });
  afterAll(async () => {
    await broker[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  describeTransport('kafka', (bus) =>
    createKafkaTransport({
      brokers: [`127.0.0.1:${port}`],
      prefix: `${bus.slice(0, 8)}.`,
      clientId: 'conformance',
      log: pino({ level: 'silent' }),
      wait,
    }),
  );

  it('R1 R2 a service starts while the broker is away; what it sends and reads waits for the broker, and no longer', async () => {
    const later = { dir: await mkdtemp(join(tmpdir(), 'insuretech-kafka-')), port: await freePort(KAFKA_PORTS) };
    const events = await createKafkaTransport({
      brokers: [`127.0.0.1:${later.port}`],
      prefix: '',
      clientId: 'early',
      log: pino({ level: 'silent' }),
      wait,
    });
    const received = Promise.withResolvers<string>();
    const reading = await events.subscribe(POLICIES, 'ins-comp-settlement', async ({ messages }) => {
      received.resolve(messages[0]?.value ?? '');
    });
    reading.done.catch(received.reject);
    const { signal } = new AbortController();
    const sent = events.publish(POLICIES, [{ partition: 3, key: 'k', value: 'sold meanwhile' }], signal);
    const given = new AbortController();
    const givenUp = events.publish(POLICIES, [{ partition: 3, key: 'k', value: 'given up' }], given.signal);
    given.abort(new Error('stopped'));
    await expect(givenUp).rejects.toThrow('stopped');
    await using late = await startKafka(later);
    late.done.catch(() => undefined);
    await sent;
    expect(await received.promise).toBe('sold meanwhile');
    // Before the broker: to leave a group that cannot be reached takes kafkajs half a minute.
    await reading[Symbol.asyncDispose]();
    await events[Symbol.asyncDispose]();
    await rm(later.dir, { recursive: true, force: true });
  });

  it('R13 S3.2 a batch that takes longer than a session of the group is handed over once, and the reader lives', async () => {
    const events = await createKafkaTransport({
      brokers: [`127.0.0.1:${port}`],
      prefix: 'slow.',
      clientId: 'slow',
      log: pino({ level: 'silent' }),
      wait,
    });
    const handled: string[] = [];
    const second = Promise.withResolvers<void>();
    const reading = await events.subscribe(POLICIES, 'ins-comp-settlement', async ({ messages }) => {
      handled.push(...messages.map(({ value }) => value));
      if (handled.length > 1) return second.resolve();
      // Time is the broker's own here, and it cannot be told to go faster.
      await wait(LONGER_THAN_A_SESSION_MS, AbortSignal.any([]));
    });
    const dead = reading.done.then(() => Promise.reject(new Error('the subscription is over')));
    const { signal } = new AbortController();
    const send = (value: string) => events.publish(POLICIES, [{ partition: 3, key: 'k', value }], signal);
    await send('slowly booked');
    await expect.poll(() => handled, { timeout: 15_000 }).toEqual(['slowly booked']);
    await send('the next');
    await Promise.race([second.promise, dead]);
    expect(handled).toEqual(['slowly booked', 'the next']);
    dead.catch(() => undefined);
    await reading[Symbol.asyncDispose]();
    await events[Symbol.asyncDispose]();
  });

  it('R1 R2 a connection that is cut in the midst of an answer is made again, and all that is sent and read goes on', async () => {
    await using cutter = await openCutter();
    const dir = await mkdtemp(join(tmpdir(), 'insuretech-kafka-'));
    const at = await freePort(KAFKA_PORTS);
    await using proxied = await startKafka({ dir, port: at, proxyPort: cutter.port });
    proxied.done.catch(() => undefined);
    cutter.leadTo(at + (KAFKA_PORTS[2] as number));
    const options = { brokers: [`127.0.0.1:${cutter.port}`], prefix: '', clientId: 'cut', wait };
    const events = await createKafkaTransport({ ...options, log: pino({ level: 'silent' }) });
    const received: string[] = [];
    const reading = await events.subscribe(POLICIES, 'ins-comp-settlement', async ({ messages }) => {
      received.push(...messages.map(({ value }) => value));
    });
    const { signal } = new AbortController();
    const wanted = Array.from({ length: 6 }, (_, turn) => `sold in turn ${turn}`);
    for (const value of wanted) {
      await events.publish(POLICIES, [{ partition: 3, key: 'k', value }], signal);
      await expect.poll(() => new Set(received), { timeout: 20_000 }).toContain(value);
      cutter.cut();
    }
    expect([...new Set(received)]).toEqual(wanted);
    await reading[Symbol.asyncDispose]();
    await events[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
  });

  it('a transport whose broker never comes is disposed at once', async () => {
    const events = await createKafkaTransport({
      brokers: ['127.0.0.1:1'],
      prefix: '',
      clientId: 'early',
      log: pino({ level: 'silent' }),
      wait,
    });
    const reading = await events.subscribe(POLICIES, 'ins-comp-settlement', async () => undefined);
    await reading[Symbol.asyncDispose]();
    await reading.done;
    await events[Symbol.asyncDispose]();
  });
});

/** A proxy that lets every connection have a few bytes of its next answer, and then ends it. */
async function openCutter() {
  const ways = new Set<() => void>();
  let upstreamPort = 0;
  const server = createServer((client) => {
    const broker = connect(upstreamPort, '127.0.0.1');
    let isCut = false;
    const cut = () => {
      isCut = true;
    };
    ways.add(cut);
    for (const socket of [client, broker]) socket.on('error', () => undefined);
    client.pipe(broker);
    broker.on('data', (bytes) => (isCut ? client.end(bytes.subarray(0, 6)) : client.write(bytes)));
    broker.on('end', () => client.end());
    client.on('close', () => {
      ways.delete(cut);
      broker.destroy();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as { port: number }).port,
    leadTo(port: number) {
      upstreamPort = port;
    },
    cut() {
      for (const cut of ways) cut();
    },
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
