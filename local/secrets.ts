import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a region's services share among themselves and with nobody else. */
export interface RegionSecrets {
  readonly adminPassword: string;
  readonly corePassword: string;
  readonly settlementPassword: string;
  readonly aggregatorPassword: string;
  readonly hopKey: string;
  readonly offerKey: string;
  readonly upstashToken: string;
}

/** Keys of the demo's partners and operator, the same in every region. */
export interface DemoKeys {
  readonly site: string;
  readonly alfa: string;
  readonly beta: string;
  readonly operator: string;
}

const secret = () => randomBytes(32).toString('base64url');

/** A region's secrets: made at its first start, kept for the next, readable by this user alone. */
export function loadRegionSecrets(region: string): Promise<RegionSecrets> {
  return load(`.local/${region}/secrets.json`, () => ({
    adminPassword: secret(),
    corePassword: secret(),
    settlementPassword: secret(),
    aggregatorPassword: secret(),
    hopKey: secret(),
    offerKey: secret(),
    upstashToken: secret(),
  }));
}

/** The demo's keys, made once: `ik_{partner}_{256 random bits}`. */
export function loadDemoKeys(): Promise<DemoKeys> {
  return load('.local/keys.json', () => ({
    site: `ik_site_${secret()}`,
    alfa: `ik_alfa_${secret()}`,
    beta: `ik_beta_${secret()}`,
    operator: secret(),
  }));
}

/** The token of the store that regions share, made once. */
export function loadUpstashToken(): Promise<{ token: string }> {
  return load('.local/upstash.json', () => ({ token: secret() }));
}

/** SHA-256 of a partner's key, as core stores it. */
export const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');

async function load<T extends object>(file: string, make: () => T): Promise<T> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    const made = make();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(made, null, 2), { mode: 0o600 });
    return made;
  }
  const kept = parse<T>(text);
  if (!kept || Object.keys(make()).some((name) => !(name in kept))) {
    throw new Error(`${file} is damaged: restore it, or run "npm run clean" to start without data`);
  }
  return kept;
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
