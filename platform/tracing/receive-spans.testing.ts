import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Attributes = Readonly<Record<string, string | number>>;

/** A span as a collector has it. */
export interface ReceivedSpan {
  readonly service: string;
  readonly region: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number;
  readonly startNano: bigint;
  readonly endNano: bigint;
  readonly attributes: Attributes;
  readonly failed: boolean;
}

interface Wire {
  resourceSpans: {
    resource: { attributes: WireAttribute[] };
    scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & WireSpan)[] }[];
  }[];
}
interface WireSpan {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: WireAttribute[];
  status: { code?: number };
}
interface WireAttribute {
  key: string;
  value: { stringValue?: string; intValue?: string };
}

/** A collector on loopback: what came over OTLP/HTTP, as it was written and as spans. */
export async function receiveSpans() {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const requests: { path: string; type: string }[] = [];
  let status = 200;
  const watchers = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    requests.push({ path: request.url ?? '', type: request.headers['content-type'] ?? '' });
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    if (status !== 200) return;
    bodies.push(body);
    spans.push(...decode(JSON.parse(body) as Wire));
    for (const watch of watchers) watch();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    /** What came, to look for what must not. */
    text: () => bodies.join('\n'),
    requests,
    /** What it answers from now on. */
    answer(with_: number) {
      status = with_;
    },
    /** Waits until what is looked for has come. */
    until: <Found>(look: (all: readonly ReceivedSpan[]) => Found | undefined) =>
      new Promise<Found>((resolve) => {
        const watch = () => {
          const found = look(spans);
          if (found === undefined) return;
          watchers.delete(watch);
          resolve(found);
        };
        watchers.add(watch);
        watch();
      }),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type Collector = Awaited<ReturnType<typeof receiveSpans>>;

function decode({ resourceSpans }: Wire): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const of = read(resource.attributes);
    return scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ startTimeUnixNano, endTimeUnixNano, attributes, status, ...span }) => ({
        ...span,
        service: String(of['service.name']),
        region: String(of['insuretech.region']),
        startNano: BigInt(startTimeUnixNano),
        endNano: BigInt(endTimeUnixNano),
        attributes: read(attributes),
        failed: status.code === 2,
      }));
  });
}

const read = (attributes: readonly WireAttribute[]): Attributes =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)] as const));
