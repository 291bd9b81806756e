import type { Chance } from '../engine/chance.ts';
import { type Change, freshState, type State } from './state.ts';

/** A write-ahead log: what a crash leaves is a beginning of it, never shorter than what was flushed. */
export interface Log {
  /** Notes that a transaction did something, or, with changes, that they are committed. */
  append(xid: number, changes?: readonly Change[]): void;
  flush(): void;
  /** Cuts the log as a crash does, and makes the state anew. The highest xid in it is where counting goes on. */
  recover(): { state: State; lastXid: number };
}

export function createLog(chance: Chance): Log {
  let entries: { readonly xid: number; readonly changes: readonly Change[] }[] = [];
  let flushed = 0;
  return {
    append: (xid, changes = []) => void entries.push({ xid, changes }),
    flush() {
      flushed = entries.length;
    },
    recover() {
      // The background writer may have been anywhere behind what was flushed.
      entries = entries.slice(0, chance.integer(flushed, entries.length));
      flushed = entries.length;
      const state = freshState();
      for (const { changes } of entries) for (const change of changes) change(state);
      return { state, lastXid: Math.max(0, ...entries.map(({ xid }) => xid)) };
    },
  };
}
