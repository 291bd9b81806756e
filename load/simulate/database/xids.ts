import type { Snapshot } from './snapshot.ts';

/** Numbers of transactions: who is under way, and so what a snapshot sees. */
export interface Xids {
  /** Begins a transaction that writes. */
  next(): number;
  end(xid: number): void;
  snapshot(): Snapshot;
  /** After a crash: nobody is under way, and counting goes on behind the last number that is known. */
  restart(lastXid: number): void;
}

export function createXids(): Xids {
  const running = new Set<number>();
  let nextXid = 1;
  let lastOver = 0;
  return {
    next() {
      const xid = nextXid;
      nextXid += 1;
      running.add(xid);
      return xid;
    },
    end(xid) {
      running.delete(xid);
      lastOver = Math.max(lastOver, xid);
    },
    snapshot() {
      // Not the next number: one that runs and is above the last that is over is in the future.
      const xmax = lastOver + 1;
      const xip = new Set([...running].filter((xid) => xid < xmax).sort((a, b) => a - b));
      return { xmin: Math.min(xmax, ...xip), xmax, xip };
    },
    restart(lastXid) {
      running.clear();
      lastOver = lastXid;
      nextXid = lastXid + 1;
    },
  };
}
