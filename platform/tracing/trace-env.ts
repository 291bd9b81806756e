import { byDefault, field, optional } from '#platform/config/parse-env.ts';

/** What tracing takes from the environment, by OpenTelemetry's own names. */
export const traceEnv = {
  /** Where spans are sent by OTLP/HTTP, such as http://collector:4318; absent: nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(field.url),
  /** The part of the traces beginning here that is recorded, 0 to 1; a caller's trace is when the caller says so. */
  OTEL_TRACES_SAMPLER_ARG: byDefault(field.ratio, 1),
};
