import { Server } from 'node:net';

// Loaded before core (`--import`): several of it listen at one address, and the kernel deals the connections out among
// them, as a Service of Kubernetes does. No balancer that would take processor time of what is measured.
const listen = Server.prototype.listen as (...args: unknown[]) => Server;
Server.prototype.listen = function sharing(this: Server, ...args: unknown[]): Server {
  const [port, host, done] = args;
  return typeof port === 'number' ? listen.call(this, { port, host, reusePort: true }, done) : listen.apply(this, args);
} as typeof Server.prototype.listen;
