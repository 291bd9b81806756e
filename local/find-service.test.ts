import { expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { findService } from './find-service.ts';

const OPERATOR_TOKEN = 'x'.repeat(32);
const SETTLEMENT_URL = 'http://127.0.0.1:4020';

test('findService takes the service at its variable, with the operator token', async () => {
  expect(await findService('settlement', undefined, { SETTLEMENT_URL, OPERATOR_TOKEN })).toEqual({
    url: SETTLEMENT_URL,
    token: OPERATOR_TOKEN,
  });
});

test.each([
  [{ SETTLEMENT_URL }, undefined, 'OPERATOR_TOKEN is missing'],
  [{ SETTLEMENT_URL: 'settlement:4020', OPERATOR_TOKEN }, undefined, 'must be an http or https URL'],
  [{ SETTLEMENT_URL, OPERATOR_TOKEN }, 'nsk', '--region is of a running npm start, and SETTLEMENT_URL is set'],
])('findService refuses %j with region %s: another service might be meant', async (env, region, sentence) => {
  const found = findService('settlement', region, env);
  await expect(found).rejects.toThrow(ConfigError);
  await expect(found).rejects.toThrow(sentence);
});
