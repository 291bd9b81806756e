import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { DEMO_RISK } from '../../../local/load-demo.ts';
import { HOLDER } from '../../../local/sale.testing.ts';
import { ask, encoded, offerOf, sendBytes, statusesIn, type Victim } from '../attacker.testing.ts';

/** API7: server side request forgery. */
export function attackByForgedRequests(victim: () => Victim): void {
  const site = () => victim().keys.site;
  const edge = () => victim().region.edge;

  it('API7:2023 server side request forgery: no value makes the region call an address, or say one of its own', async () => {
    let visits = 0;
    const trap = createServer((socket) => {
      visits += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(trap, 'listening');
    const { port } = trap.address() as { port: number };
    const address = `http://127.0.0.1:${port}/trap`;
    const body = await offerOf(victim());
    const jku = `${encoded({ alg: 'HS256', kid: address, jku: address, x5u: address })}.${encoded({ iss: address })}.${encoded('x')}`;
    const told = [
      await ask(`${edge()}/v1/localities?q=${encodeURIComponent(address)}`, { key: site() }),
      await ask(
        `${edge()}/v1/quotes/osago?${DEMO_RISK.replace(/subject=[^&]*/, `subject=${encodeURIComponent(address)}`)}`,
        { key: site() },
      ),
      await ask(`${edge()}/v1/quotes/osago?${DEMO_RISK}&url=${encodeURIComponent(address)}`, { key: site() }),
      await ask(`${edge()}/v1/policies`, { key: site(), body: { ...body, offer: jku } }),
      await ask(`${edge()}/v1/policies`, { key: site(), body: { ...body, holder: { ...HOLDER, fullName: address } } }),
      await ask(`${edge()}/v1/policies?cursor=${encodeURIComponent(address)}`, { key: site() }),
      await ask(`${victim().region.aggregator}/v1/insurers/${encodeURIComponent(address)}/poll`, {
        key: victim().keys.operator,
        body: {},
      }),
    ];
    expect(told.map(({ status }) => status)).toEqual([200, 400, 400, 400, 201, 400, 400]);
    const names = [
      'x-forwarded-host',
      'x-forwarded-server',
      'forwarded',
      'x-original-url',
      'x-rewrite-url',
      'x-host',
      'referer',
      'origin',
      'profile',
      'link',
    ];
    const forged = names
      .map((name) => `${name}: ${name === 'forwarded' ? `host=127.0.0.1:${port}` : `127.0.0.1:${port}`}\r\n`)
      .join('');
    const auth = `Authorization: Bearer ${site()}\r\nConnection: close\r\n`;
    for (const target of [
      '/v1/products',
      `${address}/../v1/products`,
      `http://127.0.0.1:${port}/v1/products`,
      '/openapi.json',
    ]) {
      const text = await sendBytes(edge(), {
        bytes: `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${forged}${auth}\r\n`,
      });
      expect(statusesIn(text)).toHaveLength(1);
      expect(text).not.toContain(`:${port}`);
    }
    const sold = JSON.stringify({ ...(await offerOf(victim())) });
    const text = await sendBytes(edge(), {
      bytes: `POST /v1/policies HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${forged}${auth}Idempotency-Key: ${randomUUID()}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(sold)}\r\n\r\n${sold}`,
    });
    expect([statusesIn(text), text.includes(`:${port}`), /\r\nlocation: \/v1\/policies\/msk-/i.test(text)]).toEqual([
      [201],
      false,
      true,
    ]);
    trap.close();
    expect(visits).toBe(0);
  });
}
