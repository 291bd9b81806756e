import { DomainError, InvalidRequest } from '#platform/problem/domain-error.ts';
import type { EdgeContext } from '../context.ts';
import { TIMEOUT_MS } from './call-core.ts';

/** DESIGN 2: a body over this is refused with 413. */
const MAX_BODY_BYTES = 64 * 1024;
/** A body may take as long to come as core to answer it. */
const ARRIVE_MS = TIMEOUT_MS.write;

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/**
 * Reads a request's body once, whole, no further than the limit whatever its headers claim, and no longer than 10 s: until
 * then nothing of core's is taken for it. Throws 413, 408, and 400 when the client breaks it off.
 */
export async function readBody(ctx: Pick<EdgeContext, 'deadline'>, request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const reader: Reader = request.body.getReader();
  const arriving = ctx.deadline(ARRIVE_MS);
  let isLate = false;
  // Whoever waits for a chunk is told then that there are no more.
  const giveUp = () => {
    isLate = true;
    void end(reader);
  };
  arriving.addEventListener('abort', giveUp);
  try {
    const chunks = await readChunks(reader);
    if (isLate) throw tooLate();
    return joined(chunks);
  } finally {
    arriving.removeEventListener('abort', giveUp);
    await end(reader);
  }
}

async function readChunks(reader: Reader): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let read = await next(reader); !read.done; read = await next(reader)) {
    length += read.value.byteLength;
    if (length > MAX_BODY_BYTES) throw tooLarge();
    chunks.push(read.value);
  }
  return chunks;
}

async function next(reader: Reader) {
  try {
    return await reader.read();
  } catch {
    throw new InvalidRequest([{ field: 'body', message: 'must come whole: it was broken off' }]);
  }
}

const end = (reader: Reader) => reader.cancel().catch(() => undefined);

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}

const tooLarge = () => new DomainError('payload-too-large', `The body is larger than ${MAX_BODY_BYTES} bytes`);

const tooLate = () =>
  new DomainError(
    'request-timeout',
    `The body did not come within ${ARRIVE_MS / 1_000} s: nothing was done, send it again`,
  );
