import { base64url } from 'jose';
import { z } from 'zod';
import { field, parseEnv } from '#platform/config/parse-env.ts';
import { regionalEnv } from '#platform/config/service-env.ts';

/** One or two keys `kid:base64url of 32 bytes`; the first signs, all verify. */
const keyRing = z
  .string()
  .regex(
    /^[\w-]+:[A-Za-z0-9_-]{43}(,[\w-]+:[A-Za-z0-9_-]{43})?$/,
    'must be kid:key, one or two, each key 32 bytes in base64url',
  )
  .transform((text) => text.split(',').map((entry) => entry.split(':')))
  .transform((entries) => entries.map(([kid = '', key = '']) => ({ kid, key: base64url.decode(key) })));

/** Reads core's environment. Throws ConfigError. */
export function parseConfig(env: Record<string, string | undefined>) {
  return parseEnv(
    {
      ...regionalEnv,
      /** Shared with edge: signs each forwarded call. */
      HOP_KEY: field.bytes32,
      OFFER_KEYS: keyRing,
      /** Where each region is reached from outside; `*={region}` patterns serve regions that are not listed. */
      HOME_URLS: field.pairs('region=url').default(new Map()),
    },
    env,
  );
}

export type CoreConfig = ReturnType<typeof parseConfig>;
