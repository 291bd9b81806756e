import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { all, ask, count, encoded, offerOf, QUOTE, secondsOf, type Victim } from '../attacker.testing.ts';

/** API2: authentication. */
export function attackAuthentication(victim: () => Victim): void {
  const site = () => victim().keys.site;
  const edge = () => victim().region.edge;

  describe('API2:2023 authentication', () => {
    it('API2:2023 guessed keys are counted on their address and locked out, and the true key is served meanwhile', async () => {
      const guess = () => ask(edge() + QUOTE, { key: `ik_site_${encoded(randomUUID()).slice(0, 43).padEnd(43, 'A')}` });
      const { result, seconds } = await secondsOf(async () => {
        const guesses = all(120, guess);
        const honest = await all(5, () => ask(edge() + QUOTE, { key: site() }));
        return { guesses: await guesses, honest };
      });
      expect(count(result.honest, 200)).toBe(5);
      expect(count(result.guesses, 401) + count(result.guesses, 429)).toBe(120);
      expect(count(result.guesses, 401)).toBeLessThanOrEqual(20 * seconds);
    });

    it('API2:2023 a key anywhere but in Authorization: Bearer is no key', async () => {
      const key = site();
      for (const url of [
        `${edge()}${QUOTE}&key=${key}`,
        `${edge()}/v1/policies/${key}`,
        `${edge()}/v1/policies?cursor=%69k${key.slice(2)}`,
      ])
        expect((await ask(url)).status).toBe(400);
      const basic = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
      for (const authorization of [
        key,
        `bearer:${key}`,
        basic,
        `Bearer ${key}, Bearer ${key}`,
        `Bearer ${key} x`,
        `Bearer x ${key}`,
      ]) {
        const answer = await ask(`${edge()}/v1/policies`, { headers: { authorization } });
        expect([authorization, [401, 429].includes(answer.status)]).toEqual([authorization, true]);
      }
      const elsewhere = { cookie: `key=${key}`, 'x-api-key': key, 'proxy-authorization': `Bearer ${key}` };
      expect([401, 429]).toContain((await ask(`${edge()}/v1/policies`, { headers: elsewhere })).status);
    });

    it('API2:2023 an offer whose JWS is altered, unsigned or signed by another is refused', async () => {
      const good = await offerOf(victim());
      const [head = '', payload = '', signature = ''] = good.offer.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      const header = JSON.parse(Buffer.from(head, 'base64url').toString());
      const cheaper = encoded({ ...claims, premiumMinor: 1, premium: 1 });
      const hmac = (text: string, key: string) => createHmac('sha256', key).update(text).digest('base64url');
      const forgeries = [
        `${encoded({ ...header, alg: 'none' })}.${payload}.`,
        `${encoded({ ...header, alg: 'none' })}.${cheaper}.${signature}`,
        `${encoded({ ...header, alg: 'HS512' })}.${payload}.${signature}`,
        `${head}.${cheaper}.${signature}`,
        `${head}.${payload}.`,
        `${head}.${payload}`,
        `${head}.${cheaper}.${hmac(`${head}.${cheaper}`, '')}`,
        `${head}.${cheaper}.${hmac(`${head}.${cheaper}`, header.kid)}`,
        ...['../../dev/null', 'msk-2', '', '__proto__'].map(
          (kid) => `${encoded({ ...header, kid })}.${payload}.${signature}`,
        ),
        `${encoded({ ...header, jwk: { kty: 'oct', k: encoded('mine') } })}.${cheaper}.${hmac(cheaper, 'mine')}`,
        `${good.offer}.${signature}`,
      ];
      for (const forged of forgeries) {
        const answer = await ask(`${edge()}/v1/policies`, { key: site(), body: { ...good, offer: forged } });
        expect([forged, answer.status, answer.json.type]).toEqual([
          forged,
          400,
          expect.stringMatching(/offer-invalid$/),
        ]);
      }
    });

    it('API2:2023 core believes no hop that the edge did not sign', async () => {
      const { core } = victim().region;
      const iat = Math.floor(Date.now() / 1_000);
      const claims = {
        iat,
        exp: iat + 30,
        method: 'GET',
        path: '/v1/policies',
        bodyDigest: '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
        partner: 'site',
        requestId: 'request-1',
      };
      for (const [alg, key] of [
        ['none', undefined],
        ['HS256', ''],
        ['HS256', 'secret'],
        ['HS256', victim().keys.operator],
      ] as const) {
        const signed = `${encoded({ alg })}.${encoded(claims)}`;
        const hop = `${signed}.${key === undefined ? '' : createHmac('sha256', key).update(signed).digest('base64url')}`;
        expect((await ask(`${core}/v1/policies`, { headers: { 'x-insuretech-hop': hop } })).status).toBe(401);
      }
      for (const key of [undefined, site(), victim().keys.operator]) {
        expect((await ask(`${core}/v1/policies`, { key })).status).toBe(401);
        expect((await ask(`${core}/internal/partners/site`, { key })).status).toBe(401);
      }
    });
  });
}
