import { type Answer, type Connection, openConnection } from './connection.ts';

/** More are not opened: whoever finds none free is not answered. */
const MOST_CONNECTIONS = 8_000;

/** Connections to one server: the one that was used last is used next, and one is opened when all are taken. */
export interface Pool {
  /** `done` is called once, without an answer when there is none. */
  send(request: string, done: (answer: Answer | undefined) => void): void;
  underWay(): number;
  /** Closes those that still wait; nobody hears of them any more. */
  giveUp(): void;
}

export function createPool(port: number): Pool {
  const idle: Connection[] = [];
  const busy = new Map<Connection, (answer: Answer | undefined) => void>();
  return {
    send(request, done) {
      const known = idle.pop();
      if (!known && busy.size >= MOST_CONNECTIONS) return done(undefined);
      const connection = known ?? openConnection(port);
      busy.set(connection, done);
      connection.ask(request, (answer) => {
        if (!busy.delete(connection)) return;
        if (answer) idle.push(connection);
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
