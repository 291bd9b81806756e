import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseConfig } from '../edge/config.ts';
import { givenService, type OperatorApi, runningRegion } from './find-service.ts';
import { readDemo } from './read-demo.ts';

/** A region's core. */
export interface RegionApi extends OperatorApi {
  readonly name: string;
  /** Per cent of a limit that its edges count when a partner's terms do not say; absent when it is not known here. */
  readonly defaultShare?: number;
}

export interface Regions {
  /** Those to act on. */
  readonly regions: readonly RegionApi[];
  /** The names of all there are; absent when that is not known here. */
  readonly known?: readonly string[] | undefined;
}

/**
 * The core at CORE_URL with OPERATOR_TOKEN, whose region has to be named; else those of a running npm start, all or as
 * named. Throws ConfigError.
 */
export async function findRegions(
  names: readonly string[],
  env: Record<string, string | undefined> = process.env,
): Promise<Regions> {
  const wanted = [...new Set(names)];
  const given = givenService('core', env);
  if (given) {
    const [name, ...others] = wanted;
    if (name === undefined || others.length > 0)
      throw new ConfigError(
        'CORE_URL is set: --region has to say once of which region that core is, such as --region msk.',
      );
    return { regions: [{ ...given, name }] };
  }
  const { regions, keys } = await readDemo();
  const chosen = wanted.length === 0 ? regions : wanted.map((name) => runningRegion(regions, name));
  const found = chosen.map(async ({ name, core }) => {
    return { name, url: core, token: keys.operator, defaultShare: await readDefaultShare(name) };
  });
  return { regions: await Promise.all(found), known: regions.map(({ name }) => name) };
}

/** What npm start told the edge of that region. */
async function readDefaultShare(region: string): Promise<number> {
  return parseConfig(parseEnv(await readFile(`.local/${region}/edge.env`, 'utf8'))).LIMIT_SHARE_PERCENT;
}
