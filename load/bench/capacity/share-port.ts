import { Server } from 'node:net';

// Loaded before core (`--import`): several of it listen at one address, and the kernel deals the connections out among
// them, as a Service of Kubernetes does. No balancer that would take processor time of what is measured.
const listen = Server.prototype.listen as (...args: unknown[]) => Server;
Server.prototype.listen = function sharing(this: Server, where: unknown, ...rest: unknown[]): Server {
  const isAddress = typeof where === 'object' && where !== null && 'port' in where;
  return listen.call(this, isAddress ? { ...where, reusePort: true } : where, ...rest);
} as typeof Server.prototype.listen;
