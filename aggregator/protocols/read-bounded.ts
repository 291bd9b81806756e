import { InsurerReplyError } from './insurer-reply-error.ts';

const FIRST_BYTES = 16_384;

/**
 * The whole body, at most `maxBytes` after decompression; a longer one is refused at the first byte too many, and the
 * rest is not fetched. One buffer is grown, so that a body in single bytes costs no more than one in large chunks.
 */
export async function readBounded(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const cancel = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  let held: Uint8Array = new Uint8Array(Math.min(FIRST_BYTES, maxBytes));
  let size = 0;
  try {
    signal.throwIfAborted();
    for (;;) {
      const { done, value } = await reader.read();
      // A cancelled stream looks finished: without this a reply cut by the signal would be read as a whole one.
      signal.throwIfAborted();
      if (done) return held.subarray(0, size);
      if (size + value.byteLength > maxBytes) throw tooLarge(maxBytes);
      held = withRoom(held, { bytes: size + value.byteLength, maxBytes });
      held.set(value, size);
      size += value.byteLength;
    }
  } catch (error) {
    cancel();
    signal.throwIfAborted();
    if (error instanceof InsurerReplyError) throw error;
    throw new InsurerReplyError('cut-off', `the body broke off after ${size} bytes`, { cause: error });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** The refusal of a body longer than `maxBytes`. */
export function tooLarge(maxBytes: number): InsurerReplyError {
  return new InsurerReplyError('too-large', `the body is longer than ${maxBytes} bytes`);
}

function withRoom(held: Uint8Array, { bytes, maxBytes }: { bytes: number; maxBytes: number }): Uint8Array {
  if (bytes <= held.byteLength) return held;
  const grown = new Uint8Array(Math.min(maxBytes, Math.max(bytes, held.byteLength * 2)));
  grown.set(held);
  return grown;
}
