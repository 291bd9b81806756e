import { connect, createServer } from 'node:net';

/** Whether something listens there. */
export function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 2_000 });
    socket.once('connect', () => resolve(true));
    for (const event of ['error', 'timeout'] as const) socket.once(event, () => resolve(false));
    for (const event of ['connect', 'timeout'] as const) socket.once(event, () => socket.destroy());
  });
}

/** Throws a sentence naming the broker that does not answer; the services themselves would wait for it for long. */
export async function requireKafka(brokers: string): Promise<void> {
  for (const broker of brokers.split(',')) {
    const [host = '', port = ''] = broker.split(':');
    if (!(await answers(Number(port), host))) {
      throw new Error(`Nothing listens at ${broker}: start Kafka first (npm run kafka), or leave --kafka out`);
    }
  }
}

/** Throws a sentence naming the port that another program has, before anything is started. */
export async function requireFreePorts(ports: readonly { port: number; what: string }[]): Promise<void> {
  for (const { port, what } of ports) {
    const taken = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(true));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
    });
    if (taken) {
      throw new Error(
        `Port ${port} (${what}) is taken by another program: stop that program, or choose other ports with npm start -- --port 9787`,
      );
    }
  }
}
