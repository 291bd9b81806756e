import { serve } from '@hono/node-server';
import { createInsurersApp } from './app.ts';
import { demoBooks } from './book.ts';
import { type InsurersConfig, parseConfig } from './config.ts';

/** How long open connections may hold a stop up. */
const DRAIN_MS = 1_000;

function fail(message: string): never {
  process.stderr.write(`insurers: ${message}\n`);
  process.exit(1);
}

function readConfig(): InsurersConfig {
  try {
    return parseConfig(process.env);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { host, port } = readConfig();
const books = demoBooks();

const server = serve({ fetch: createInsurersApp(books).fetch, hostname: host, port }, (address) => {
  const base = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  const insurers = Object.keys(books).map((id) => `${id}=${base}/${id}`);
  process.stdout.write(`insurers: ready, INSURERS="${insurers.join(',')}"\n`);
});

server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') fail(`port ${port} on ${host} is taken: stop what listens there or set PORT`);
  fail(error.message);
});

function stop(): void {
  server.close();
  // A caller that never ends its request must not hold the process.
  if ('closeAllConnections' in server) setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
