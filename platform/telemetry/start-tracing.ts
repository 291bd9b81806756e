import { Counter, type Registry } from 'prom-client';
import { wait } from '#platform/lifecycle/wait.ts';
import { openTracer, type TraceConfig } from '#platform/tracing/open-tracer.ts';
import type { Tracer } from '#platform/tracing/tracer.ts';
import type { Logger } from './log.ts';

/** Spans wait for so long, ms, to be sent together. */
const EVERY_MS = 1_000;
/** A collector that does not answer must not hold up a stop, ms. */
const LAST_MS = 3_000;

interface Starting {
  readonly service: string;
  readonly log: Logger;
  readonly registry: Registry;
}

/** The tracer of a service on Node; disposing it sends what waits. Undefined where no collector is named: tracing is off. */
export function startTracing(
  config: TraceConfig,
  { service, log, registry }: Starting,
): (Tracer & AsyncDisposable) | undefined {
  const outcomes = new Counter({
    name: 'trace_spans_total',
    help: 'Spans of traces that are recorded; dropped: too many waited, or the collector did not take them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of ['exported', 'dropped']) outcomes.inc({ outcome }, 0);
  const tracer = openTracer(config, {
    service,
    count: (outcome, spans) => outcomes.inc({ outcome }, spans),
    logWarn: log.warn.bind(log),
  });
  if (!tracer) return undefined;
  let sent: Promise<unknown> = Promise.resolve();
  const flush = () => {
    sent = Promise.all([sent, tracer.flush()]);
  };
  const timer = setInterval(flush, EVERY_MS);
  return {
    ...tracer,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      flush();
      const given = new AbortController();
      await Promise.race([sent, wait(LAST_MS, given.signal)]);
      given.abort();
    },
  };
}
