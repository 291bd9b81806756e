import { otlpSender } from './otlp.ts';
import { createTracer, type SpanOutcome, type Tracer } from './tracer.ts';

interface Opening {
  readonly service: string;
  readonly count: (outcome: SpanOutcome, spans: number) => void;
  readonly logWarn: (fields: object, message: string) => void;
}

export interface TraceConfig {
  readonly REGION: string;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

/** A tracer that sends by OTLP over the runtime's own network and clock; undefined where no collector is named. */
export function openTracer(config: TraceConfig, { service, count, logWarn }: Opening): Tracer | undefined {
  const { REGION: region, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: ratio } = config;
  if (endpoint === undefined) return undefined;
  const instance = crypto.randomUUID();
  return createTracer({
    send: otlpSender({ fetch: (url, init) => fetch(url, init), endpoint, service, region, instance }),
    // Date alone tells whole milliseconds, in which half of a trace is over.
    now: () => performance.timeOrigin + performance.now(),
    ratio,
    count,
    logWarn,
  });
}
