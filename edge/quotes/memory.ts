import type { CachedAnswer } from './cached-answer.ts';

/**
 * The isolate's own answers: when the bytes run out, those go first that were not asked for since they came, or since it was
 * last their turn to go. That is nearly the least recently used (second chance; F. J. Corbato, "A paging experiment with the
 * Multics system", 1968), and a hit moves nothing: a Map that an entry is taken out of and put back into is copied every so
 * often, and the copies are garbage.
 */
export interface Memory {
  get(key: string): CachedAnswer | undefined;
  set(key: string, answer: CachedAnswer): void;
  delete(key: string): void;
  readonly bytes: number;
  readonly entries: number;
}

interface Entry {
  readonly answer: CachedAnswer;
  isUsed: boolean;
}

/** What an entry costs besides its key and its body, measured on Node 24. */
const ENTRY_BYTES = 700;

export function createMemory(options: { maxBytes: number }): Memory {
  const answers = new Map<string, Entry>();
  let bytes = 0;
  const remove = (key: string) => {
    const known = answers.get(key);
    if (!known) return;
    answers.delete(key);
    bytes -= sizeOf(key, known.answer);
  };
  /** Whether the one whose turn it is to go stays, because it was asked for: then it is the last whose turn it is. */
  const isSpared = (key: string, entry: Entry): boolean => {
    if (!entry.isUsed) return false;
    entry.isUsed = false;
    answers.delete(key);
    answers.set(key, entry);
    return true;
  };
  return {
    get(key) {
      const known = answers.get(key);
      if (!known) return undefined;
      known.isUsed = true;
      return known.answer;
    },
    set(key, answer) {
      remove(key);
      const size = sizeOf(key, answer);
      if (size > options.maxBytes / 8) return;
      // A Map's iterator comes to what was put back as well: after one round none is used, so it ends.
      for (const [oldest, entry] of answers) {
        if (bytes + size <= options.maxBytes) break;
        if (!isSpared(oldest, entry)) remove(oldest);
      }
      answers.set(key, { answer, isUsed: false });
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
