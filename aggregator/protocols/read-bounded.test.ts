import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBounded } from './read-bounded.ts';
import { endlessBody, hangingBody } from './test-context.ts';

const live = new AbortController().signal;

function streamOf(chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

describe('readBounded', () => {
  test('gives the same bytes however they are cut into chunks, up to the bound and not one more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 9_000, size: 'max' }), { maxLength: 12, size: 'max' }),
        async (chunks) => {
          const whole = Buffer.concat(chunks);
          const read = await readBounded(streamOf(chunks), { maxBytes: whole.byteLength, signal: live });
          expect(Buffer.from(read).equals(whole)).toBe(true);
          if (whole.byteLength === 0) return;
          const oneLess = readBounded(streamOf(chunks), { maxBytes: whole.byteLength - 1, signal: live });
          await expect(oneLess).rejects.toMatchObject({ reason: 'too-large' });
        },
      ),
      // Shrinking arrays of this size would take minutes.
      { numRuns: 40, endOnFailure: true },
    );
  });

  test('stops an endless body at the bound and lets go of it', async () => {
    const { body, seen } = endlessBody();
    const read = readBounded(body, { maxBytes: 10_240, signal: live });
    await expect(read).rejects.toThrow('the body is longer than 10240 bytes');
    expect(seen.cancelled).toBe(true);
    expect(seen.chunks).toBeLessThanOrEqual(12);
  });

  test('throws the reason of the signal when the body hangs, and lets go of it', async () => {
    const { body, waiting, cancelled } = hangingBody('{"a":');
    const abort = new AbortController();
    const read = readBounded(body, { maxBytes: 10_240, signal: abort.signal });
    await waiting;
    abort.abort(new Error('slot is over'));
    await expect(read).rejects.toThrow('slot is over');
    await cancelled;
  });

  test('never takes a body cut by the signal for a whole one', async () => {
    const { body, waiting } = hangingBody('{}');
    const abort = new AbortController();
    const read = readBounded(body, { maxBytes: 10_240, signal: abort.signal });
    await waiting;
    abort.abort();
    await expect(read).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('takes nothing once the signal is spent', async () => {
    const { body, seen } = endlessBody();
    const read = readBounded(body, { maxBytes: 10_240, signal: AbortSignal.abort(new Error('too late')) });
    await expect(read).rejects.toThrow('too late');
    expect(seen.cancelled).toBe(true);
    expect(seen.chunks).toBeLessThanOrEqual(1);
  });

  test('tells a body that broke off, with how much had come', async () => {
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        if (pulls === 1) controller.enqueue(new Uint8Array(7));
        else controller.error(new TypeError('terminated'));
      },
    });
    const read = readBounded(body, { maxBytes: 10_240, signal: live });
    await expect(read).rejects.toMatchObject({ reason: 'cut-off', message: expect.stringContaining('after 7 bytes') });
  });
});
