/** A row of the outbox, as far as the order of events asks for it. */
export interface OutboxRow {
  readonly xid: number;
  readonly id: number;
  readonly partition: number;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly eventId: string;
  /** Virtual milliseconds. */
  readonly occurredAt: number;
  /** Came when the piece of its id was dropped already. */
  readonly isStray: boolean;
}

/** A row of the cursors' table; snapshots as Postgres' text. */
export interface CursorRow {
  readonly epoch: number;
  readonly sequence: number;
  readonly done: string;
  readonly win: string | null;
  readonly lastId: number;
}

/** What is committed. */
export interface State {
  rows: OutboxRow[];
  readonly cursors: Map<number, CursorRow>;
  /** The last version of each aggregate. */
  readonly versions: Map<string, number>;
  /** No piece holds an id below it. */
  retiredBelow: number;
  /** How far the sequence is logged: ahead of what was given out. */
  loggedId: number;
}

/** A change of what is committed. */
export type Change = (state: State) => void;

export const freshState = (): State => ({
  rows: [],
  cursors: new Map(),
  versions: new Map(),
  retiredBelow: 0,
  loggedId: 0,
});
