import type { Socket } from 'node:net';
import { serve } from '@hono/node-server';
import { wait } from '#platform/lifecycle/wait.ts';
import { createInsurersApp } from './app.ts';
import { type InsurersConfig, parseConfig } from './config.ts';
import { SIMULATORS } from './simulators.ts';

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

const { host, port, count } = readConfig();
const simulators = SIMULATORS.slice(0, count);
const held = new Set<Socket>();
const app = createInsurersApp(simulators, { wait, held, now: () => new Date() });

const server = serve({ fetch: app.fetch, hostname: host, port }, (address) => {
  const base = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  const insurers = simulators.map(({ id }) => `${id}=${base}/${id}`);
  process.stdout.write(`insurers: ready, INSURERS="${insurers.join(',')}"\n`);
});

server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') fail(`port ${port} on ${host} is taken: stop what listens there or set PORT`);
  fail(error.message);
});

function stop(): void {
  server.close();
  for (const socket of held) socket.destroy();
  // A caller that never ends its request must not hold the process.
  if ('closeAllConnections' in server) setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
