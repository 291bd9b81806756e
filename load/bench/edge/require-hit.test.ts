import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAnswer } from './read-answer.ts';
import { requireHit } from './require-hit.ts';

/** What an edge would say next. */
const said = { status: 200, cache: 'insuretech-edge; hit; ttl=9', body: '', left: 100, step: 1 };
const quote = (token: string, premium: string) => JSON.stringify({ premium, offers: [{ token }] });
const server = createServer((_request, response) => {
  said.left -= said.step;
  const limit = `"partner";r=${said.left};t=1`;
  response.writeHead(said.status, { 'cache-status': said.cache, ratelimit: limit }).end(said.body);
});

const asked = () => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, key: 'ik_bench_secret' });
const like = async () => ({ ...(await readAnswer(asked())), body: Buffer.from(quote('t1', '9')) });

describe('requireHit', () => {
  beforeEach(async () => {
    Object.assign(said, {
      status: 200,
      cache: 'insuretech-edge; hit; ttl=9',
      body: quote('t1', '9'),
      left: 100,
      step: 1,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  test('takes the same quote with new tokens, out of the cache and counted', async () => {
    said.body = quote('t2', '9');
    await expect(requireHit(asked(), await like())).resolves.toBeUndefined();
  });

  test.each([
    [
      'a miss',
      { cache: 'insuretech-edge; fwd=uri-miss; stored' },
      'its cache says "insuretech-edge; fwd=uri-miss; stored"',
    ],
    ['a refusal', { status: 429 }, 'was answered with 429'],
    ['another premium', { body: quote('t1', '8') }, 'was answered with'],
    ['another length', { body: quote('t12', '9') }, 'was answered with'],
    ['a limit that nothing is taken from', { step: 0 }, 'The limit does not count'],
  ])('refuses %s', async (_what, change, sentence) => {
    const first = await like();
    Object.assign(said, change);
    await expect(requireHit(asked(), first)).rejects.toThrow(sentence);
  });
});
