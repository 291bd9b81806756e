import { connect } from 'node:net';

// Tries to connect to each port of an address, and prints what became of each as JSON: node reach-process.ts ADDRESS PORT...

const PATIENCE_MS = 1_000;
const [address = '', ...ports] = process.argv.slice(2);

const reach = (port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, address);
    const end = (outcome: string) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once('connect', () => end('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.setTimeout(PATIENCE_MS, () => end('no answer'));
  });

const outcomes = await Promise.all(ports.map(async (port) => [port, await reach(Number(port))]));
process.stdout.write(JSON.stringify(Object.fromEntries(outcomes)));
