import { expect, it } from 'vitest';
import { ask, QUOTE, sendBytes, statusesIn, type Victim } from '../attacker.testing.ts';

/** API8: security misconfiguration. */
export function attackMisconfiguration(victim: () => Victim): void {
  const site = () => victim().keys.site;
  const edge = () => victim().region.edge;

  it('API8:2023 security misconfiguration: every kind of answer is guarded, says nothing of what it runs on, and echoes nothing', async () => {
    const { core, settlement, aggregator } = victim().region;
    const answers = [
      await ask(edge() + QUOTE, { key: site() }),
      await ask(`${edge()}/v1/nothing`),
      await ask(`${edge()}/v1/policies`, { key: site(), body: '{' }),
      await ask(`${edge()}/v1/policies`, { key: site(), method: 'DELETE' }),
      await ask(`${edge()}/v1/policies/%00`, { key: site() }),
      await ask(`${edge()}/docs`),
      await ask(`${edge()}/healthz/gslb`),
      await ask(edge() + QUOTE, { key: site(), headers: { origin: 'https://evil.example' } }),
      await ask(edge() + QUOTE, {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
      }),
    ];
    for (const { headers } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; frame-ancestors 'none'/);
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=/);
      expect([...headers.keys()].filter((name) => /^(access-control|server$|x-powered-by)/.test(name))).toEqual([]);
    }
    const outside = [core, settlement, aggregator].map(async (url) => [
      await ask(`${url}/v1/nothing`),
      await ask(`${url}/v1/%00`, { key: victim().keys.operator }),
      await ask(`${url}/v1/partners/volga`, { key: victim().keys.operator, method: 'PUT', body: '{' }),
    ]);
    for (const { headers, text, status } of [
      ...answers.filter(({ json }) => json?.type),
      ...(await Promise.all(outside)).flat(),
    ]) {
      expect([status, headers.get('x-powered-by'), headers.get('server')]).toEqual([status, null, null]);
      expect(text).not.toMatch(/hono|node_modules|postgres|drizzle|zod|\bat \S+:\d+:\d+|\.ts\b|SyntaxError|SELECT /i);
    }
    for (const url of [edge(), core]) {
      const text = await sendBytes(url, {
        bytes: `TRACE / HTTP/1.1\r\nHost: a\r\nX-Secret: canary-of-trace\r\nConnection: close\r\n\r\n`,
      });
      expect([statusesIn(text), text.includes('canary-of-trace')]).toEqual([[404], false]);
    }
  });
}
