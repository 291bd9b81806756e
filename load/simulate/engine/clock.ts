/** Virtual time. Nothing happens but by `after`, in the order of time, and of asking where the time is the same. */
export interface Clock {
  /** Milliseconds since the run began. */
  now(): number;
  after(ms: number, action: () => void): void;
  /** Goes to the next action and does it; false when there is none. */
  step(): boolean;
}

interface Entry {
  readonly at: number;
  readonly nth: number;
  readonly action: () => void;
}

const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.nth < b.nth);

export function createClock(): Clock {
  const heap: Entry[] = [];
  let now = 0;
  let count = 0;
  return {
    now: () => now,
    after(ms, action) {
      count += 1;
      push(heap, { at: now + Math.max(0, ms), nth: count, action });
    },
    step() {
      const entry = pop(heap);
      if (!entry) return false;
      now = entry.at;
      entry.action();
      return true;
    },
  };
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!isBefore(entry, above)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const isRight = right < heap.length && isBefore(heap[right] as Entry, heap[left] as Entry);
    const child = isRight ? right : left;
    if (!isBefore(heap[child] as Entry, last)) break;
    heap[index] = heap[child] as Entry;
    index = child;
  }
  heap[index] = last;
  return first;
}
