import type { InsurerContext } from '../insurers/insurer.ts';

/** For tests: a context whose insurer is a function, at a fixed moment, with 64 KiB for a reply. */
export function testContext(
  answer: (url: string, init: RequestInit) => Response | Promise<Response>,
  changes: Partial<InsurerContext> = {},
): InsurerContext {
  return {
    fetch: async (url, init) => answer(url, init),
    signal: new AbortController().signal,
    maxBytes: 65_536,
    now: () => new Date('2026-11-22T10:00:00.000Z'),
    ...changes,
  };
}

/** A body without an end; counts what was taken of it, and tells when the reader let go. */
export function endlessBody(chunk: Uint8Array<ArrayBuffer> = new Uint8Array(1024).fill(0x20)) {
  const seen = { chunks: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      seen.chunks += 1;
      controller.enqueue(chunk);
    },
    cancel() {
      seen.cancelled = true;
    },
  });
  return { body, seen };
}

/** A body that gives `first` and then nothing; `waiting` resolves when a reader has taken it and wants more. */
export function hangingBody(first: string) {
  const waiting = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (controller) => controller.enqueue(new TextEncoder().encode(first)),
      pull: () => {
        waiting.resolve();
        return new Promise(() => undefined);
      },
      cancel: () => cancelled.resolve(),
    },
    { highWaterMark: 0 },
  );
  return { body, waiting: waiting.promise, cancelled: cancelled.promise };
}
