/** What isolates of a region share. It may be away at any moment: nothing here rejects, callers go on without. */
export interface Store {
  /** Whether the last call failed, so that waiting for the next one is waiting in vain; also where there is no store. */
  isAway(): boolean;
  /** The JSON value of a key; undefined when there is none or the store is away. */
  get(key: string): Promise<unknown>;
  set(key: string, entry: { value: unknown; ttlMs: number }): Promise<void>;
  /** Adds to a counter and answers its new value; undefined when the store is away. One round trip. */
  add(key: string, change: { amount: number; ttlSeconds: number }): Promise<number | undefined>;
}
