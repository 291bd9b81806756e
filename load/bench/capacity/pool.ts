import { type Answer, type Connection, openConnection } from './connection.ts';

/** More are not opened: whoever finds none free is not answered. */
const MOST_CONNECTIONS = 8_000;
/** A connection that nobody used for so long, ms, is closed: the edge closes it after 65 s, and would cut a request off. */
const MOST_IDLE_MS = 30_000;

/** Connections to one server: the one that was used last is used next, and one is opened when all are taken. */
export interface Pool {
  /** `done` is called once, without an answer when there is none. */
  send(request: string, done: (answer: Answer | undefined) => void): void;
  underWay(): number;
  /** Closes those that still wait; nobody hears of them any more. */
  giveUp(): void;
}

export function createPool(port: number): Pool {
  /** In the order in which they were last used. */
  const idle: { readonly connection: Connection; readonly since: number }[] = [];
  const busy = new Map<Connection, (answer: Answer | undefined) => void>();

  const closeOld = () => {
    const oldest = performance.now() - MOST_IDLE_MS;
    while (idle[0] && idle[0].since < oldest) idle.shift()?.connection.close();
  };
  const takeIdle = (): Connection | undefined => {
    for (let last = idle.pop(); last; last = idle.pop()) if (last.connection.isOpen()) return last.connection;
    return undefined;
  };

  return {
    send(request, done) {
      closeOld();
      const known = takeIdle();
      if (!known && busy.size >= MOST_CONNECTIONS) return done(undefined);
      const connection = known ?? openConnection(port);
      busy.set(connection, done);
      connection.ask(request, (answer) => {
        if (!busy.delete(connection)) return;
        if (answer) idle.push({ connection, since: performance.now() });
        done(answer);
      });
    },
    underWay: () => busy.size,
    giveUp() {
      for (const connection of [...busy.keys()]) {
        busy.delete(connection);
        connection.close();
      }
    },
  };
}
