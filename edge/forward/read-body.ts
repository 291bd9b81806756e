import { DomainError } from '#platform/problem/domain-error.ts';

/** DESIGN 2: a body over this is refused with 413. */
const MAX_BODY_BYTES = 64 * 1024;

/** Reads a request's body once, and no further than the limit whatever its headers claim. Throws 413. */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (request.body) {
    for await (const chunk of chunksOf(request.body)) {
      length += chunk.byteLength;
      if (length > MAX_BODY_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}

/** ReadableStream is not async iterable on every runtime. Leaving the loop early cancels the rest. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function tooLarge(): DomainError {
  return new DomainError('payload-too-large', `The body is larger than ${MAX_BODY_BYTES} bytes`);
}
