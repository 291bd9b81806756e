import { type AddressInfo, createServer } from 'node:net';

/** A TCP port of 127.0.0.1 that is free now; for tests, where a clash is a retry away. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
