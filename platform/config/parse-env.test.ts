import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, field, parseEnv } from './parse-env.ts';
import { regionalEnv, serviceEnv } from './service-env.ts';

const good = {
  REGION: 'msk',
  PORT: '8788',
  DATABASE_URL: 'postgres://core:secret-password@127.0.0.1:5432/insuretech',
  OPERATOR_TOKEN: 'operator-token-for-tests-only-32chars',
};

/** The sentence that refuses an environment. */
function refusal(env: Record<string, string | undefined>): string {
  try {
    parseEnv(regionalEnv, env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('It was not refused');
}

describe('parseEnv', () => {
  test('reads what it knows, fills in the defaults and passes over the rest', () => {
    expect(parseEnv(regionalEnv, { ...good, KAFKA_BROKERS: 'a:9092,b:9092', HOME: '/home' })).toEqual({
      ...good,
      PORT: 8788,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      OTEL_TRACES_SAMPLER_ARG: 1,
      KAFKA_BROKERS: ['a:9092', 'b:9092'],
      KAFKA_TOPIC_PREFIX: '',
    });
  });

  test('takes an empty variable for an absent one', () => {
    expect(parseEnv(serviceEnv, { ...good, HOST: '', LOG_LEVEL: '' })).toMatchObject({
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    });
    expect(refusal({ ...good, REGION: '' })).toBe('Configuration is not valid: REGION is missing.');
  });

  test('names every wrong variable in one sentence, with its value and what it may be', () => {
    expect(refusal({ ...good, PORT: '70000', HOST: 'a b', DATABASE_URL: undefined })).toBe(
      'Configuration is not valid: HOST is "a b" but must be a host name or an address; ' +
        'PORT is "70000" but must be an integer from 0 to 65535; DATABASE_URL is missing.',
    );
  });

  test.each(['DATABASE_URL', 'OPERATOR_TOKEN', 'HOP_KEY', 'UPSTASH_REDIS_REST_TOKEN', 'CORE_DB_PASSWORD', 'REDIS_URL'])(
    'never says what a wrong %s holds',
    (name) => {
      const shape = { [name]: field.bytes32 };
      expect(() => parseEnv(shape, { [name]: 'hunter2' })).toThrow(
        `Configuration is not valid: ${name} must be 32 bytes in base64url.`,
      );
    },
  );

  test('refuses with a ConfigError that tells no secret, whatever the values', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), (secret, other) => {
        fc.pre(!'Configuration is not valid: OPERATOR_TOKEN must be at least 32 visible ASCII'.includes(secret));
        const env = { ...good, PORT: 'x', REGION: other, OPERATOR_TOKEN: `${secret}\n` };
        expect(refusal({ ...env, REGION: 'msk' })).not.toContain(secret);
        expect(refusal(env)).toMatch(/^Configuration is not valid: .*PORT is "x"/s);
      }),
    );
  });
});

const accepts = (schema: (typeof field)['host' | 'port' | 'url' | 'databaseUrl' | 'brokers' | 'token'], text: string) =>
  schema.safeParse(text).success;

describe('field', () => {
  test.each(['0', '8787', '65535'])('port takes %s', (text) => expect(field.port.parse(text)).toBe(Number(text)));
  test.each(['65536', '-1', '1.5', '1e3', '0x50', ' 80', '', '99999999999'])('port refuses "%s"', (text) =>
    expect(accepts(field.port, text)).toBe(false),
  );
  test.each(['0', '0.05', '1', '1.0'])('ratio takes %s', (text) => expect(field.ratio.parse(text)).toBe(Number(text)));
  test.each(['1.1', '2', '-0.1', '.5', '5%', '1e-3', ''])('ratio refuses "%s"', (text) =>
    expect(field.ratio.safeParse(text).success).toBe(false),
  );
  test.each(['ftp://a/b', '127.0.0.1:8787', 'javascript:alert(1)'])('url refuses "%s"', (text) =>
    expect(accepts(field.url, text)).toBe(false),
  );
  test.each(['mysql://a/b', 'a'])('databaseUrl refuses "%s"', (text) =>
    expect(accepts(field.databaseUrl, text)).toBe(false),
  );
  test.each(['a', 'a:9092,', 'a:9092 b:9092', ':9092', 'a:port'])('brokers refuses "%s"', (text) =>
    expect(accepts(field.brokers, text)).toBe(false),
  );
  test('token refuses fewer than 32 characters, and a space', () => {
    expect([accepts(field.token, 'x'.repeat(31)), accepts(field.token, `${'x'.repeat(31)} `)]).toEqual([false, false]);
    expect(accepts(field.token, 'x'.repeat(32))).toBe(true);
  });

  test('bytes32 gives back any 32 bytes written in base64url', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64url');
        expect(field.bytes32.parse(text)).toEqual(bytes);
        expect(field.bytes32.safeParse(text.slice(1)).success).toBe(false);
      }),
    );
  });

  test('pairs reads names and values; a value may hold what divides a name from it', () => {
    const schema = field.pairs('insurer=url');
    expect(schema.parse('volga=http://a/?x=1, ural=http://b')).toEqual(
      new Map([
        ['volga', 'http://a/?x=1'],
        ['ural', 'http://b'],
      ]),
    );
    for (const text of ['volga', '=http://a', 'volga=', 'volga=a,', 'volga=a,,ural=b', 'volga=a,volga=b']) {
      expect(schema.safeParse(text).success).toBe(false);
    }
  });
});
