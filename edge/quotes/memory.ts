import type { CachedAnswer } from './cached-answer.ts';

/** The isolate's own answers: the least recently used go first when the bytes run out. */
export interface Memory {
  get(key: string): CachedAnswer | undefined;
  set(key: string, answer: CachedAnswer): void;
  delete(key: string): void;
  readonly bytes: number;
  readonly entries: number;
}

/** What an entry costs besides its key and its body, measured on Node 24. */
const ENTRY_BYTES = 700;

export function createMemory(options: { maxBytes: number }): Memory {
  const answers = new Map<string, CachedAnswer>();
  let bytes = 0;
  const remove = (key: string) => {
    const known = answers.get(key);
    if (!known) return;
    answers.delete(key);
    bytes -= sizeOf(key, known);
  };
  return {
    get(key) {
      const known = answers.get(key);
      if (known) {
        answers.delete(key);
        answers.set(key, known);
      }
      return known;
    },
    set(key, answer) {
      remove(key);
      const size = sizeOf(key, answer);
      if (size > options.maxBytes / 8) return;
      for (const oldest of answers.keys()) {
        if (bytes + size <= options.maxBytes) break;
        remove(oldest);
      }
      answers.set(key, answer);
      bytes += size;
    },
    delete: remove,
    get bytes() {
      return bytes;
    },
    get entries() {
      return answers.size;
    },
  };
}

/** A key names a place in Russian: two bytes a character. */
function sizeOf(key: string, answer: CachedAnswer): number {
  return ENTRY_BYTES + 2 * key.length + answer.body.byteLength;
}
