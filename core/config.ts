import { base64url } from 'jose';
import { z } from 'zod';
import { byDefault, ConfigError, field, parseEnv } from '#platform/config/parse-env.ts';
import { regionalEnv } from '#platform/config/service-env.ts';

/** One or two keys `kid:base64url of 32 bytes`; the first signs, all verify. */
const keyRing = z
  .string()
  .regex(
    /^[\w-]+:[A-Za-z0-9_-]{43}(,[\w-]+:[A-Za-z0-9_-]{43})?$/,
    'must be kid:key, one or two, each key 32 bytes in base64url',
  )
  .transform((text) => text.split(',').map((entry) => entry.split(':')))
  .refine((entries) => new Set(entries.map(([kid]) => kid)).size === entries.length, 'must be two different kids')
  .transform((entries) => entries.map(([kid = '', key = '']) => ({ kid, key: base64url.decode(key) })));

/** A region's name, or `*` for every other, and where it is reached. */
const homeUrls = field
  .pairs('region=url')
  .check(
    z.refine(
      (homes) => [...homes].every(([region, url]) => /^(\*|[a-z]{2,8})$/.test(region) && isHttpUrl(url)),
      'must be region=url pairs, each an http or https URL',
    ),
  );

function isHttpUrl(text: string): boolean {
  const url = text.replace('{region}', 'msk');
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

const MOST_SECONDS = 30 * 86_400;

/** Reads core's environment. Throws ConfigError. */
export function parseConfig(env: Record<string, string | undefined>) {
  const config = parseEnv(
    {
      ...regionalEnv,
      /** Shared with edge: signs each forwarded call. */
      HOP_KEY: field.bytes32,
      OFFER_KEYS: keyRing,
      /** D8: an insurer not confirmed for so long has its offers marked. */
      STALE_AFTER_SECONDS: byDefault(field.integer(60, MOST_SECONDS), 20 * 60),
      /** And for so long, hidden; more than the first. */
      HIDDEN_AFTER_SECONDS: byDefault(field.integer(60, MOST_SECONDS), 24 * 3_600),
      /** How long events that were sent are kept for a replay, at least. */
      OUTBOX_KEEP_DAYS: byDefault(field.integer(1, 3_650), 14),
      /** Where each region is reached from outside; `*={region}` patterns serve regions that are not listed. */
      HOME_URLS: byDefault(homeUrls, new Map()),
    },
    env,
  );
  const { STALE_AFTER_SECONDS: stale, HIDDEN_AFTER_SECONDS: hidden } = config;
  if (hidden <= stale) {
    throw new ConfigError(
      `Configuration is not valid: HIDDEN_AFTER_SECONDS is ${hidden} but must be more than STALE_AFTER_SECONDS, ${stale}.`,
    );
  }
  return config;
}

export type CoreConfig = ReturnType<typeof parseConfig>;
