import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below Linux's ephemeral ports (from 32768): there any outgoing connection may take one that was free a moment ago. */
const FIRST = 10_000;
const AFTER = 32_000;
const TRIES = 100;

/** A TCP port P of 127.0.0.1 for a program started by a test: P + each offset can be bound now. */
export async function freePort(offsets: readonly number[] = [0]): Promise<number> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const port = randomInt(FIRST, AFTER);
    const free = await Promise.all(offsets.map((offset) => bindable(port + offset)));
    if (!free.includes(false)) return port;
  }
  throw new Error(`No free port P with P + ${offsets.join(', ')} was found in ${TRIES} tries`);
}

async function bindable(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
