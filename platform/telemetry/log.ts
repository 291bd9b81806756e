import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/** Header and field names that may carry secrets or personal data: cut out wherever they are logged. */
const REDACTED = [
  'authorization',
  'holder',
  '*.authorization',
  '*.holder',
  '*.operatorToken',
  // Postgres repeats the whole row that breaks a constraint.
  '*.detail',
  '*.where',
];

/** JSON lines on stdout, pretty on a terminal; or to `to`. Carries service and region on each line. */
export function createLogger(
  options: { service: string; region: string; level: string },
  to?: DestinationStream,
): Logger {
  const pretty = !to && process.stdout.isTTY && process.env['NODE_ENV'] !== 'production';
  const settings = {
    level: options.level,
    base: { service: options.service, region: options.region },
    redact: { paths: REDACTED, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    ...(pretty && { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }),
  };
  return to ? pino(settings, to) : pino(settings);
}
