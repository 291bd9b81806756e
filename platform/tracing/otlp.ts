import type { Span } from './tracer.ts';

/** Where spans go, and on whose behalf. */
interface Export {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** OTEL_EXPORTER_OTLP_ENDPOINT: signals have paths of their own below it. */
  readonly endpoint: string;
  readonly service: string;
  readonly region: string;
  /** Tells replicas apart. */
  readonly instance: string;
}

/** The default of OTEL_EXPORTER_OTLP_TIMEOUT. */
const TIMEOUT_MS = 10_000;
/** `SpanKind` and `StatusCode` of the protocol's trace.proto. */
const KINDS = { server: 2, client: 3, producer: 4, consumer: 5 } as const;
const STATUS_ERROR = 2;

/**
 * Sends spans by OTLP/HTTP with JSON (OpenTelemetry Protocol 1, section 2.3). Web standards alone, so that it is the same on
 * every runtime. Rejects unless the collector answers 2xx.
 */
export function otlpSender(to: Export): (spans: readonly Span[]) => Promise<void> {
  const url = `${to.endpoint.replace(/\/$/, '')}/v1/traces`;
  const resource = {
    attributes: attributesOf({
      'service.name': to.service,
      'service.namespace': 'insuretech',
      'service.instance.id': to.instance,
      'insuretech.region': to.region,
    }),
  };
  return async (spans) => {
    const scopeSpans = [{ scope: { name: 'insuretech' }, spans: spans.map(encode) }];
    const response = await to.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans }] }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The collector answered ${response.status}`);
  };
}

function encode({ parentId, kind, startMs, endMs, attributes, failed, ...span }: Span) {
  return {
    ...span,
    ...(parentId !== undefined && { parentSpanId: parentId }),
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(endMs),
    attributes: attributesOf(attributes),
    status: failed ? { code: STATUS_ERROR } : {},
  };
}

/** To the microsecond: a double has no finer digits of a time since 1970. */
const nanoseconds = (ms: number): string => `${Math.round(ms * 1_000)}000`;

/** 64-bit integers are strings in the JSON of protobuf. */
const attributesOf = (attributes: Readonly<Record<string, string | number>>) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
