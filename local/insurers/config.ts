/** Where the simulators listen. */
export interface InsurersConfig {
  host: string;
  port: number;
}

/** HOST (default 127.0.0.1) and PORT (default 8900; 0 takes a free one). Throws an Error naming the wrong one. */
export function parseConfig(env: Record<string, string | undefined>): InsurersConfig {
  const { HOST: host = '127.0.0.1', PORT: port = '8900' } = env;
  if (host === '' || /\s/.test(host))
    throw new Error(`HOST must be an address or a host name, not ${JSON.stringify(host)}`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`PORT must be a number from 0 to 65535, not ${JSON.stringify(port)}`);
  }
  return { host, port: Number(port) };
}
