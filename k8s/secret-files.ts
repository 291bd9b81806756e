/** What only its owner knows: the service that is given this refuses to start, and says which variable it is. */
export const UNKNOWN = 'replace-me';

const lines = (variables: Record<string, string>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** The files of a region's Secrets by name, `NAME=value` lines; `secret` gives 32 random bytes in base64url, new each time. */
export function secretFiles(secret: () => string): Record<string, string> {
  const password = { provisioner: secret(), core: secret(), settlement: secret(), aggregator: secret() };
  const database = (role: keyof typeof password) => `postgres://${role}:${password[role]}@postgres-rw:5432/insuretech`;
  const hop = { HOP_KEY: secret() };
  const operator = { OPERATOR_TOKEN: secret() };
  return {
    'migrations.env': lines({
      ADMIN_DATABASE_URL: database('provisioner'),
      CORE_DB_PASSWORD: password.core,
      SETTLEMENT_DB_PASSWORD: password.settlement,
      AGGREGATOR_DB_PASSWORD: password.aggregator,
    }),
    'core-app.env': lines({ DATABASE_URL: database('core'), ...operator, ...hop, OFFER_KEYS: `1:${secret()}` }),
    'ins-comp-settlement.env': lines({ DATABASE_URL: database('settlement'), ...operator }),
    'ins-product-aggregator.env': lines({ DATABASE_URL: database('aggregator'), ...operator }),
    'edge.env': lines({ ...hop, UPSTASH_REDIS_REST_URL: UNKNOWN, UPSTASH_REDIS_REST_TOKEN: UNKNOWN }),
    'provisioner.env': lines({ username: 'provisioner', password: password.provisioner }),
    'archive.env': lines({ ACCESS_KEY_ID: UNKNOWN, SECRET_ACCESS_KEY: UNKNOWN }),
  };
}
