import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ask, QUOTE, sendBytes, statusesIn, type Victim } from '../attacker.testing.ts';

/** API4: unrestricted resource consumption. */
export function attackResources(victim: () => Victim): void {
  const site = () => victim().keys.site;
  const edge = () => victim().region.edge;

  it('API4:2023 unrestricted resource consumption: sizes, depths, pages and parameters have a bound, and others are served meanwhile', async () => {
    const deep = (levels: number) => `{"reason":${'['.repeat(levels)}${']'.repeat(levels)}}`;
    const post = (body: string | Buffer, headers = {}) => ask(`${edge()}/v1/policies`, { key: site(), body, headers });
    expect((await post(deep(100_000))).status).toBe(413);
    expect((await post('x'.repeat(65_537))).status).toBe(413);
    expect((await post(deep(30_000))).status).toBe(400);
    // A bomb is not unpacked: 48 MB in less than 64 KB.
    const bomb = gzipSync(Buffer.alloc(48 * 1024 * 1024));
    expect(bomb.byteLength).toBeLessThan(65_536);
    expect((await post(bomb, { 'content-encoding': 'gzip' })).status).toBe(400);
    for (const limit of ['0', '-1', '101', '1e9', '999999999999', '1&limit=100'])
      expect((await ask(`${edge()}/v1/policies?limit=${limit}`, { key: site() })).status).toBe(400);
    const many = Array.from({ length: 10_000 }, (_, at) => `p${at}=1`).join('&');
    const [status] = statusesIn(
      await sendBytes(edge(), { bytes: `GET ${QUOTE}&${many} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n` }),
    );
    expect([400, 431]).toContain(status);
    const few = Array.from({ length: 100 }, (_, at) => `p${at}=1`).join('&');
    expect((await ask(`${edge()}${QUOTE}&${few}`, { key: site() })).status).toBe(400);
    expect((await ask(edge() + QUOTE, { key: site() })).status).toBe(200);
  });
}
