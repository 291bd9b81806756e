import { Hono } from 'hono';
import { describe, expect, it, test } from 'vitest';
import { createTestEdge, type TestEdge } from '../edge.testing.ts';
import { ALFA } from '../fake-core.testing.ts';
import { protectAnswers } from './protect-answers.ts';

const QUOTE = '/v1/quotes/osago?kbm=3';
const write = { method: 'POST', key: ALFA.key, body: '{}' } as const;
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

const protectionOf = ({ headers }: Response) => ({
  type: headers.get('x-content-type-options'),
  referrer: headers.get('referrer-policy'),
  embedded: headers.get('cross-origin-resource-policy'),
  transport: headers.get('strict-transport-security'),
  content: headers.get('content-security-policy'),
});
const PROTECTED = {
  type: 'nosniff',
  referrer: 'no-referrer',
  embedded: 'same-origin',
  transport: 'max-age=31536000',
  content: NOTHING,
};

const coreAway = (edge: TestEdge) => {
  edge.weather.core = 'dead';
};
const usedUp = (edge: TestEdge) => Promise.all(Array.from({ length: 20 }, () => edge.get(QUOTE)));
/** An address that the code cannot read is a bug of ours. */
const bug = { address: 7 as unknown as string };

type Init = Parameters<TestEdge['get']>[1];
const ANSWERS: [status: number, what: string, path: string, init?: Init, before?: (edge: TestEdge) => unknown][] = [
  [200, 'a quote', QUOTE],
  [200, 'a quote without its body', QUOTE, { method: 'HEAD' }],
  [200, 'products', '/v1/products'],
  [304, 'a known quote', QUOTE, { headers: { 'if-none-match': '*' } }],
  [201, 'a policy', '/v1/policies', write],
  [400, 'a refusal of core', '/v1/quotes/osago?kbm=rubbish'],
  [400, 'a key in the address', `/v1/products?key=${ALFA.key}`],
  [401, 'no key', '/v1/policies/msk-1'],
  [401, 'a wrong key', QUOTE, { key: 'wrong' }],
  [404, 'nothing there', '/nowhere'],
  [405, 'no such method', '/v1/products', { method: 'DELETE' }],
  [404, 'a path in disguise', '/v1/policies/%2e%2e', { key: ALFA.key }],
  [413, 'a body too large', '/v1/policies', { ...write, body: 'x'.repeat(65_537) }],
  [429, 'a limit used up', QUOTE, {}, usedUp],
  [500, 'a bug', QUOTE, bug],
  [503, 'core away', QUOTE, {}, coreAway],
  [503, 'a write with core away', '/v1/policies', write, coreAway],
  [200, 'the description', '/openapi.json'],
  [200, 'live', '/healthz/live'],
  [200, 'ready', '/healthz/ready'],
  [200, 'gslb', '/healthz/gslb'],
  [503, 'gslb with core away', '/healthz/gslb', {}, coreAway],
];

describe('every answer tells a browser to guess, embed, frame and refer nothing, and to load nothing', () => {
  test.each(ANSWERS)('%i %s', async (status, _what, path, init, before) => {
    const edge = createTestEdge();
    await before?.(edge);
    const answer = await edge.get(path, init);
    expect(answer.status).toBe(status);
    expect(protectionOf(answer)).toEqual(PROTECTED);
  });

  it('says nothing of what software answers, though core did', async () => {
    const edge = createTestEdge();
    const { request } = edge.core.app;
    edge.core.app.request = async (...call) => {
      const answer = await request(...call);
      answer.headers.set('server', 'core/1.0');
      answer.headers.set('x-powered-by', 'core');
      return answer;
    };
    for (const [path, init] of [[QUOTE], ['/v1/policies', write]] as const) {
      const { headers } = await edge.get(path, init);
      expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
    }
  });

  it('reaches an answer whose headers cannot be changed, and takes nothing else of it', async () => {
    const app = new Hono().use(protectAnswers).get('/', () => Response.redirect('https://msk.example/'));
    const answer = await app.request('/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://msk.example/']);
    expect(protectionOf(answer)).toEqual(PROTECTED);
  });
});

describe('the page of the API', () => {
  it('may have its own style, and no script, form, base, frame or anything of another place', async () => {
    const answer = await createTestEdge().get('/docs');
    const style = "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
    expect(protectionOf(answer)).toEqual({ ...PROTECTED, content: `${NOTHING}; ${style}` });
  });

  it('lends its policy to no other address', async () => {
    for (const path of ['/docs/', '/docs/x', '/DOCS', '/v1/products?/docs'])
      expect(protectionOf(await createTestEdge().get(path)).content).toBe(NOTHING);
  });
});
