import { describe, expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseConfig } from './config.ts';
import { testEnv } from './core.testing.ts';

const GOOD = testEnv();

/** What is said of an environment that is refused. */
function refusal(changes: Record<string, string | undefined>): string {
  try {
    parseConfig({ ...GOOD, ...changes });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('the configuration was taken');
}

describe('parseConfig', () => {
  test('takes a good environment: two keys, the first signs; Kafka is optional, and what else may be left out', () => {
    const config = parseConfig({ ...GOOD, LOG_LEVEL: '', UNKNOWN: 'is not read' });
    expect(config.OFFER_KEYS.map(({ kid, key }) => [kid, key.length])).toEqual([
      ['k2', 32],
      ['k1', 32],
    ]);
    expect(config).toMatchObject({ REGION: 'msk', PORT: 0, HOST: '127.0.0.1', LOG_LEVEL: 'info' });
    expect(config.KAFKA_BROKERS).toBeUndefined();
    expect(config.HOME_URLS).toEqual(
      new Map([
        ['msk', 'https://msk.example'],
        ['nsk', 'https://nsk.example'],
      ]),
    );
  });

  test('D8 marks after 20 minutes and hides after 24 hours unless told otherwise; hiding comes later than marking', () => {
    expect(parseConfig(GOOD)).toMatchObject({ STALE_AFTER_SECONDS: 1_200, HIDDEN_AFTER_SECONDS: 86_400 });
    const told = { STALE_AFTER_SECONDS: '60', HIDDEN_AFTER_SECONDS: '61' };
    expect(parseConfig({ ...GOOD, ...told })).toMatchObject({ STALE_AFTER_SECONDS: 60, HIDDEN_AFTER_SECONDS: 61 });
    expect(refusal({ ...told, STALE_AFTER_SECONDS: '61' })).toContain(
      'HIDDEN_AFTER_SECONDS is 61 but must be more than STALE_AFTER_SECONDS, 61',
    );
    expect(refusal({ STALE_AFTER_SECONDS: '59' })).toContain(
      'STALE_AFTER_SECONDS is "59" but must be an integer from 60',
    );
  });

  test('keeps events that were sent for 14 days unless told otherwise', () => {
    expect(parseConfig(GOOD).OUTBOX_KEEP_DAYS).toBe(14);
    expect(parseConfig({ ...GOOD, OUTBOX_KEEP_DAYS: '3650' }).OUTBOX_KEEP_DAYS).toBe(3_650);
    for (const days of ['0', '3651', '1.5', 'forever'])
      expect(refusal({ OUTBOX_KEEP_DAYS: days })).toContain(
        `OUTBOX_KEEP_DAYS is "${days}" but must be an integer from 1 to 3650`,
      );
  });

  test('takes Kafka brokers and a pattern of homes', () => {
    const config = parseConfig({
      ...GOOD,
      KAFKA_BROKERS: '127.0.0.1:9092,kafka:9092',
      HOME_URLS: 'msk=http://127.0.0.1:8787,*=https://{region}.example',
    });
    expect(config.KAFKA_BROKERS).toEqual(['127.0.0.1:9092', 'kafka:9092']);
    expect(config.HOME_URLS.get('*')).toBe('https://{region}.example');
  });

  test.each(['REGION', 'PORT', 'DATABASE_URL', 'OPERATOR_TOKEN', 'HOP_KEY', 'OFFER_KEYS'])(
    'names %s when it is missing or empty',
    (name) => {
      for (const value of [undefined, '']) {
        expect(refusal({ [name]: value })).toBe(`Configuration is not valid: ${name} is missing.`);
      }
    },
  );

  test.each([
    ['REGION', 'Moscow'],
    ['HOST', 'a b'],
    ['PORT', '65536'],
    ['PORT', '80a'],
    ['LOG_LEVEL', 'loud'],
    ['KAFKA_BROKERS', 'kafka'],
    ['KAFKA_TOPIC_PREFIX', 'A_'],
    ['HOME_URLS', 'msk'],
    ['HOME_URLS', 'msk=not-a-url'],
    ['HOME_URLS', 'msk=ftp://msk.example'],
    ['HOME_URLS', 'Moscow=https://msk.example'],
  ])('names %s and the value "%s" that it does not take', (name, value) => {
    expect(refusal({ [name]: value })).toContain(`${name} is "${value}" but`);
  });

  const KEY = `secretly${'A'.repeat(35)}`;
  test.each([
    ['DATABASE_URL', 'mysql://core:hunter2-hunter2@db/insuretech'],
    ['OPERATOR_TOKEN', 'hunter2-hunter2'],
    ['HOP_KEY', 'hunter2-hunter2'],
    ['OFFER_KEYS', 'k1:hunter2-hunter2'],
    ['OFFER_KEYS', `k1:${KEY},k2:hunter2-hunter2`],
    ['OFFER_KEYS', `k1:${KEY},k1:${KEY}`],
    ['OFFER_KEYS', `k1:${KEY},k2:${KEY},k3:${KEY}`],
  ])('names %s when wrong, and never shows its secret', (name, value) => {
    const said = refusal({ [name]: value });
    expect(said).toContain(`${name} must be`);
    expect(said).not.toContain('hunter2');
    expect(said).not.toContain(KEY);
  });

  test('names all that is wrong at once, in one sentence', () => {
    const said = refusal({ REGION: '1', PORT: 'x', HOP_KEY: undefined });
    for (const name of ['REGION is "1"', 'PORT is "x"', 'HOP_KEY is missing']) expect(said).toContain(name);
    expect(said).not.toContain('\n');
  });
});
