/** Values by text, those last used: of a bounded size, and the memory of it does not grow with what is asked. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  clear(): void;
}

/**
 * Two generations: what is used comes into the young one, and when that has half of the bytes it becomes the old one, which
 * is dropped. A look-up in the young one moves nothing, so that a hit costs no more than a Map's. `entryBytes` is what an
 * entry costs besides its key.
 */
export function createRecent<Value>(options: { maxBytes: number; entryBytes: number }): Recent<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  let youngBytes = 0;
  const put = (key: string, value: Value) => {
    if (!young.has(key)) youngBytes += options.entryBytes + 2 * key.length;
    young.set(key, value);
    if (youngBytes <= options.maxBytes / 2) return;
    old = young;
    young = new Map();
    youngBytes = 0;
  };
  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const before = old.get(key);
      if (before !== undefined) put(key, before);
      return before;
    },
    set: put,
    clear() {
      young = new Map();
      old = new Map();
      youngBytes = 0;
    },
  };
}
