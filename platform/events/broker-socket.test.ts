import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { brokerSockets } from './broker-socket.ts';

/** A broker that is played by hand, and connections to it as kafkajs makes them. */
async function openBroker({ silentMs = 60_000 }: { silentMs?: number } = {}) {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const sockets: Socket[] = [];
  return {
    async connect() {
      const accepted = once(server, 'connection');
      const client = brokerSockets(silentMs)({
        host: '127.0.0.1',
        port,
        ssl: undefined as never,
        onConnect: () => undefined,
      });
      const [broker] = (await accepted) as [Socket];
      sockets.push(client, broker);
      const errors: string[] = [];
      client.on('error', ({ message }) => errors.push(message));
      const heard: Buffer[] = [];
      client.on('data', (bytes: Buffer) => heard.push(bytes));
      return { client, broker, heard, errors, closed: new Promise((resolve) => client.once('close', resolve)) };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
const answer = Buffer.from([0, 0, 0, 2, 7, 7]);

test('R2 half an answer dies with its connection, and the next begins with a whole one', async () => {
  await using broker = await openBroker();
  const first = await broker.connect();
  first.broker.end(answer.subarray(0, 5));
  await first.closed;
  expect(first.heard).toEqual([]);
  const next = await broker.connect();
  next.broker.end(Buffer.concat([answer, answer]));
  await next.closed;
  expect(Buffer.concat(next.heard)).toEqual(Buffer.concat([answer, answer]));
});

test('R1 a broker that is asked and falls silent is given up with an error, though others were answered', async () => {
  await using broker = await openBroker({ silentMs: 50 });
  const { client, broker: played, errors, closed } = await broker.connect();
  played.once('data', () => played.write(answer));
  client.write('two');
  client.write('questions');
  await closed;
  expect(errors).toEqual(['The broker said nothing for 0.05 s']);
});

test('R1 one that is asked nothing may be silent for as long as it likes', async () => {
  await using broker = await openBroker({ silentMs: 50 });
  const asked = await broker.connect();
  asked.broker.once('data', () => asked.broker.write(answer));
  asked.client.write('a question');
  await once(asked.client, 'data');
  // As long as it takes another to be given up, which was asked later.
  const other = await broker.connect();
  other.client.write('a question');
  await other.closed;
  expect([asked.client.destroyed, asked.errors]).toEqual([false, []]);
});
