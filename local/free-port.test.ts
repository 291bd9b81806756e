import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort } from './free-port.ts';

describe('freePort', () => {
  it('keeps below the ephemeral ports, where an outgoing connection could take it before the program does', async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, () => freePort([0, 1])));
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('gives a row that can be bound whole', async () => {
    const port = await freePort([0, 1, 113]);
    for (const offset of [0, 1, 113]) {
      const server = createServer().listen(port + offset, '127.0.0.1');
      await once(server, 'listening');
      await once(server.close(), 'close');
    }
  });
});
