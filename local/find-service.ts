import { ConfigError, field, parseEnv } from '#platform/config/parse-env.ts';
import { type DemoRegion, readDemo } from './read-demo.ts';

/** Where a service's operator API is, and the token that opens it. */
export interface OperatorApi {
  readonly url: string;
  readonly token: string;
}

const VARIABLES = { core: 'CORE_URL', settlement: 'SETTLEMENT_URL' } as const;
type Service = keyof typeof VARIABLES;

/**
 * The service at its variable with OPERATOR_TOKEN, else the one of a running npm start; absent region: the first. Throws
 * ConfigError when the two contradict each other: a command must not reach another service than was meant.
 */
export async function findService(
  service: Service,
  region: string | undefined,
  env: Record<string, string | undefined> = process.env,
): Promise<OperatorApi> {
  const given = givenService(service, env);
  if (given && region !== undefined)
    throw new ConfigError(
      `--region is of a running npm start, and ${VARIABLES[service]} is set: allowed is one of them.`,
    );
  if (given) return given;
  const { regions, keys } = await readDemo();
  return { url: runningRegion(regions, region ?? regions[0]?.name ?? '')[service], token: keys.operator };
}

/** The service at its variable with OPERATOR_TOKEN; undefined when the variable is not set. Throws ConfigError. */
export function givenService(service: Service, env: Record<string, string | undefined>): OperatorApi | undefined {
  const url = env[VARIABLES[service]];
  if (!url) return undefined;
  const given = parseEnv({ url: field.url, OPERATOR_TOKEN: field.token }, { ...env, url });
  return { url: given.url, token: given.OPERATOR_TOKEN };
}

/** The region of that name. Throws ConfigError when none runs here. */
export function runningRegion(regions: readonly DemoRegion[], name: string): DemoRegion {
  const found = regions.find((region) => region.name === name);
  if (found) return found;
  const names = regions.map((region) => region.name).join(', ');
  throw new ConfigError(`--region is "${name}" but must be one that runs here: ${names}.`);
}
