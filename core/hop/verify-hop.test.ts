import { type Context, Hono } from 'hono';
import { base64url, type JWTHeaderParameters, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { HOP_HEADER } from '#contracts/hop.ts';
import { onError } from '#platform/problem/handlers.ts';
import { type TraceVariables, trace } from '#platform/telemetry/trace.ts';
import { NOW, signHop } from '../core.testing.ts';
import { verifyHop } from './verify-hop.ts';

// What a hop is over is in core/app.db.test.ts; here is how it is signed.
const KEY = new Uint8Array(64).fill(7);
const CALL = { at: new Date(NOW), method: 'GET', path: '/v1/products?x=1', partner: 'alfa' };

const app = new Hono<{ Variables: TraceVariables }>();
app.use(trace());
app.use(verifyHop(KEY, () => CALL.at));
app.onError(onError(() => undefined));
app.get('/v1/products', (c: Context) => c.json(c.get('hop')));
const answerTo = (hop: string) => app.request(CALL.path, { headers: { [HOP_HEADER]: hop } });

const signed = await signHop(KEY, CALL);
const claims = JSON.parse(new TextDecoder().decode(base64url.decode(signed.split('.')[1] ?? '')));
const under = (header: JWTHeaderParameters) => new SignJWT(claims).setProtectedHeader(header).sign(KEY);

describe('a hop', () => {
  test('that jose signed (RFC 7515, HS256) is believed, with its claims', async () => {
    const answer = await answerTo(signed);
    expect([answer.status, await answer.json()]).toEqual([200, claims]);
  });

  test.each<[string, JWTHeaderParameters]>([
    ['HS384', { alg: 'HS384' }],
    ['HS512', { alg: 'HS512' }],
    ['HS256 and a kid', { alg: 'HS256', kid: 'k1' }],
    ['HS256 and a type', { alg: 'HS256', typ: 'JWT' }],
  ])('under %s is refused with 401, though its key is right', async (_what, header) => {
    expect((await answerTo(await under(header))).status).toBe(401);
  });

  test.each([{ alg: 'none' }, { alg: 'NONE' }, {}, { alg: 'HS256' }])(
    'unsigned under %j is refused with 401',
    async (header) => {
      const [, payload] = signed.split('.');
      expect((await answerTo(`${base64url.encode(JSON.stringify(header))}.${payload}.`)).status).toBe(401);
    },
  );

  test('with any one character changed, a spelling of the same bytes too, is refused with 401', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < signed.length; at += 1) {
      if (signed[at] === '.') continue;
      const other = alphabet[(alphabet.indexOf(signed[at] as string) + 1) % alphabet.length];
      expect((await answerTo(signed.slice(0, at) + other + signed.slice(at + 1))).status).toBe(401);
    }
    for (const more of ['.', '=', 'A', '.A']) expect((await answerTo(signed + more)).status).toBe(401);
  });

  test.each(['', '.', '..', 'a.b', 'e30.e30.e30', 'x'])('that is "%s" is refused with 401', async (hop) => {
    expect((await answerTo(hop)).status).toBe(401);
  });
});
