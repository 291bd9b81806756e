import { describe, expect, it } from 'vitest';
import { unstable_readConfig as readConfig } from 'wrangler';
import { parseConfig } from './config.ts';
import { HOP_KEY } from './fake-core.testing.ts';

const REGIONS = ['msk', 'nsk'];
/** What whoever deploys has to bring. */
const BROUGHT: Record<string, string> = {
  HOP_KEY,
  UPSTASH_REDIS_REST_URL: 'https://store.test',
  UPSTASH_REDIS_REST_TOKEN: 'a-token-that-is-long-enough-for-a-store',
};

function environmentOf(region: string) {
  const config = readConfig({ config: new URL('wrangler.jsonc', import.meta.url).pathname, env: region });
  const vars = config.vars as Record<string, string>;
  const secrets = config.secrets?.required ?? [];
  const brought = Object.entries(BROUGHT).filter(([name]) => secrets.includes(name));
  return { config, vars, secrets, whole: { ...vars, ...Object.fromEntries(brought) } };
}

/** The names of variables that the edge reads. */
function namesRead(env: Record<string, string>): Set<string> {
  const names = new Set<string>();
  const get = (target: Record<string, string>, name: string) => {
    names.add(name);
    return target[name];
  };
  parseConfig(new Proxy(env, { get }));
  return names;
}

describe.each(REGIONS)('the environment %s of wrangler.jsonc', (region) => {
  it('has a worker and a region of its own', () => {
    const { config, vars } = environmentOf(region);
    expect([config.name, vars['REGION']]).toEqual([`insuretech-edge-${region}`, region]);
  });

  it('names all that the edge requires', () => {
    expect(() => parseConfig(environmentOf(region).whole)).not.toThrow();
  });

  it('names nothing that the edge does not read', () => {
    const { vars, secrets, whole } = environmentOf(region);
    const read = namesRead(whole);
    expect([...Object.keys(vars), ...secrets].filter((name) => !read.has(name))).toEqual([]);
  });

  it('declares what is secret and holds none of it', () => {
    const { vars, secrets } = environmentOf(region);
    const isSecret = (name: string) => /KEY|TOKEN/.test(name);
    expect(Object.keys(vars).filter(isSecret)).toEqual([]);
    expect(secrets).toEqual(expect.arrayContaining([...namesRead(environmentOf(region).whole)].filter(isSecret)));
  });

  it('says nothing of another region', () => {
    const { vars, config } = environmentOf(region);
    const said = JSON.stringify({ vars, routes: config.routes, placement: config.placement });
    for (const other of REGIONS.filter((each) => each !== region)) expect(said).not.toContain(other);
  });

  it('needs nothing of Node', () => {
    expect(environmentOf(region).config.compatibility_flags).toEqual([]);
  });
});

describe('the environments of wrangler.jsonc', () => {
  it('D6 share out the limit of a partner whole', () => {
    const shares = REGIONS.map((region) => parseConfig(environmentOf(region).whole).LIMIT_SHARE_PERCENT);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100);
  });

  it('set the same variables in every region', () => {
    const [first, ...others] = REGIONS.map((region) => Object.keys(environmentOf(region).vars));
    for (const other of others) expect(other).toEqual(first);
  });
});
