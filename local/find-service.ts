import { ConfigError, field, parseEnv } from '#platform/config/parse-env.ts';
import { readDemo } from './read-demo.ts';

/** Where a service's operator API is, and the token that opens it. */
export interface OperatorApi {
  readonly url: string;
  readonly token: string;
}

const VARIABLES = { core: 'CORE_URL', settlement: 'SETTLEMENT_URL' } as const;

/**
 * The service at its variable with OPERATOR_TOKEN, else the one of a running npm start; absent region: the first. Throws
 * ConfigError when the two contradict each other: a command must not reach another service than was meant.
 */
export async function findService(
  service: keyof typeof VARIABLES,
  region: string | undefined,
  env: Record<string, string | undefined> = process.env,
): Promise<OperatorApi> {
  const variable = VARIABLES[service];
  if (env[variable]) {
    const given = parseEnv({ url: field.url, OPERATOR_TOKEN: field.token }, { ...env, url: env[variable] });
    if (region === undefined) return { url: given.url, token: given.OPERATOR_TOKEN };
    throw new ConfigError(`--region is of a running npm start, and ${variable} is set: allowed is one of them.`);
  }
  const { regions, keys } = await readDemo();
  const found = region === undefined ? regions[0] : regions.find(({ name }) => name === region);
  const names = regions.map(({ name }) => name).join(', ');
  if (!found) throw new ConfigError(`--region is "${region}" but must be one that runs here: ${names}.`);
  return { url: found[service], token: keys.operator };
}
