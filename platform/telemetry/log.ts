import { type Logger, pino } from 'pino';

export type { Logger };

/** Header and field names that may carry secrets or personal data: cut out wherever they are logged. */
const REDACTED = ['authorization', 'holder', '*.authorization', '*.holder', '*.operatorToken'];

/** JSON lines on stdout, pretty on a terminal. Carries service and region on each line. */
export function createLogger(options: { service: string; region: string; level: string }): Logger {
  const pretty = process.stdout.isTTY && process.env['NODE_ENV'] !== 'production';
  return pino({
    level: options.level,
    base: { service: options.service, region: options.region },
    redact: { paths: REDACTED, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    ...(pretty && { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } }),
  });
}
