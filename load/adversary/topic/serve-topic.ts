import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { wait } from '#platform/lifecycle/wait.ts';
import { createDelivery } from './delivery.ts';
import type { TopicFaults } from './faults.ts';
import type { TopicLog, TopicRecord } from './topic-log.ts';
import { type Asked, onMessage, tell } from './wire.ts';

/** The topic on a loopback socket: appends, then acknowledges. */
export interface TopicServer extends AsyncDisposable {
  readonly port: number;
  /** From here on no connection is cut and nothing is slow, so that what is on its way can arrive. */
  calm(): void;
  readonly cuts: number;
}

interface Serving {
  readonly log: TopicLog;
  readonly partitions: number;
  readonly faults: TopicFaults;
  /** From 0 to 1, by the seed. */
  readonly random: () => number;
}

const CALM: TopicFaults = {
  cutBefore: 0,
  cutWithin: 0,
  cutAfter: 0,
  mostDelayMs: 0,
  handTwice: 0,
  mostRewind: 0,
};

export async function serveTopic(options: Serving): Promise<TopicServer> {
  const state = { ...options, cuts: 0 };
  const sockets = new Set<Socket>();
  const closing = new AbortController();
  const delivery = createDelivery(state);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    const slowness = state.random();
    // One send after another, as a broker takes them from a connection.
    let before = Promise.resolve();
    onMessage<Asked>(socket, (asked) => {
      if (asked.say === 'subscribe') delivery.join(socket);
      else if (asked.say === 'handled') delivery.handled(socket, asked.id);
      else {
        before = before.then(async () => {
          await wait(slowness * state.faults.mostDelayMs, closing.signal);
          take(state, socket, asked);
          delivery.offer();
        });
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      delivery.leave(socket);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    calm() {
      state.faults = CALM;
    },
    get cuts() {
      return state.cuts;
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Publish = Extract<Asked, { say: 'publish' }>;

function take(state: Serving & { cuts: number }, socket: Socket, { id, records }: Publish): void {
  const { cutBefore, cutWithin, cutAfter } = state.faults;
  const dice = state.random();
  if (dice >= cutBefore + cutWithin + cutAfter) {
    // Sent while its connection was open: a broker has it, whatever became of the client since.
    state.log.append(records);
    tell(socket, { say: 'acknowledged', id });
    return;
  }
  if (dice >= cutBefore + cutWithin) state.log.append(records);
  else if (dice >= cutBefore) state.log.append(ofSomePartitions(records, state.random));
  state.cuts += 1;
  socket.destroy();
}

/** A send is whole within a partition and not across them. */
function ofSomePartitions(records: readonly TopicRecord[], random: () => number): readonly TopicRecord[] {
  const taken = new Map<number, boolean>();
  return records.filter(({ partition }) => {
    const known = taken.get(partition) ?? random() < 0.5;
    taken.set(partition, known);
    return known;
  });
}
