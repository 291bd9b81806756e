import type { Host } from './host.ts';
import { strikes, travelMs, type World } from './world.ts';

/** What a server keeps for a connection. Closing it takes back what is not committed, and gives up its locks. */
export interface Backend {
  readonly isOpen: () => boolean;
  close(): void;
  onClose(action: () => void): void;
}

/** A server of a database: it can be away, and then nothing it kept for a connection is left. */
export interface Server<Kept extends Backend> {
  readonly isUp: () => boolean;
  accept(): Kept;
}

/** A client's end. Statements are done in the order in which they are asked. */
export interface Connection<Kept extends Backend> {
  /** Rejects when the connection is gone, whatever became of the statement. */
  ask<Answer>(statement: (backend: Kept) => Answer | Promise<Answer>): Promise<Answer>;
  readonly isOpen: () => boolean;
  /** The two ends learn of it when each does, the server maybe seconds later. */
  cut(): void;
  /** The client ends it, in order. */
  end(): void;
}

/** How long a server may hold what a dead client held, and a client may not know that it is alone. */
const UNNOTICED_MS = 1_500;

/** Connects a process to a server, as soon as it asks for anything. `onLost` is called once if the connection breaks. */
export function connect<Kept extends Backend>(
  world: World,
  { host, server, onLost = () => {} }: { host: Host; server: Server<Kept>; onLost?: () => void },
): Connection<Kept> {
  const { clock, chance } = world;
  const backend = server.isUp() ? server.accept() : undefined;
  const pending = new Set<(error: Error) => void>();
  let isOpen = true;
  let arrival = 0;
  let returned = 0;
  let tail: Promise<unknown> = Promise.resolve();
  const lose = () => {
    host.run(() => {
      if (!isOpen) return;
      isOpen = false;
      for (const reject of pending) reject(new Error('The connection was lost'));
      onLost();
    });
  };
  /** Whoever is first: the locks may have a new owner before the old one knows, and the other way round. */
  const cut = () => {
    clock.after(chance.happens(0.5) ? 0 : chance.between(0, UNNOTICED_MS), lose);
    clock.after(chance.happens(0.5) ? 0 : chance.between(0, UNNOTICED_MS), () => backend?.close());
  };
  backend?.onClose(() => clock.after(travelMs(world), lose));
  host.onKill(() => {
    isOpen = false;
    clock.after(chance.happens(0.7) ? 0 : chance.between(0, UNNOTICED_MS), () => backend?.close());
  });
  const answer = (settle: () => void) => {
    returned = Math.max(clock.now() + travelMs(world), returned);
    clock.after(returned - clock.now(), () => host.run(() => isOpen && settle()));
  };
  return {
    isOpen: () => isOpen,
    cut,
    end() {
      isOpen = false;
      clock.after(travelMs(world), () => backend?.close());
    },
    ask: (statement) =>
      new Promise((resolve, reject) => {
        if (!isOpen) return reject(new Error('The connection is closed'));
        pending.add(reject);
        const done = (settle: () => void) => {
          pending.delete(reject);
          settle();
        };
        if (strikes(world, world.weather.cut)) clock.after(chance.between(0, 6), cut);
        arrival = Math.max(clock.now() + travelMs(world), arrival);
        clock.after(arrival - clock.now(), () => {
          // A server that is away, or has forgotten the connection, says so.
          if (!backend?.isOpen()) return clock.after(travelMs(world), lose);
          tail = tail
            .then(() => (backend.isOpen() ? statement(backend) : new Promise<never>(() => undefined)))
            .then(
              (value) => answer(() => done(() => resolve(value))),
              (error: Error) => answer(() => done(() => reject(error))),
            );
        });
      }),
  };
}
