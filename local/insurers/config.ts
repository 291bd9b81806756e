import { DEFAULT_INSURERS, SIMULATORS } from './simulators.ts';

/** Where the simulators listen, and how many of them there are. */
export interface InsurersConfig {
  host: string;
  port: number;
  count: number;
}

/**
 * HOST (default 127.0.0.1), PORT (default 8900; 0 takes a free one) and INSURER_COUNT (default 5, the first of the
 * list). Throws an Error naming the wrong one.
 */
export function parseConfig(env: Record<string, string | undefined>): InsurersConfig {
  const { HOST: host = '127.0.0.1', PORT: port = '8900', INSURER_COUNT: count = String(DEFAULT_INSURERS) } = env;
  if (host === '' || /\s/.test(host))
    throw new Error(`HOST must be an address or a host name, not ${JSON.stringify(host)}`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`PORT must be a number from 0 to 65535, not ${JSON.stringify(port)}`);
  }
  if (!/^[1-9]\d?$/.test(count) || Number(count) > SIMULATORS.length) {
    throw new Error(`INSURER_COUNT must be a number from 1 to ${SIMULATORS.length}, not ${JSON.stringify(count)}`);
  }
  return { host, port: Number(port), count: Number(count) };
}
