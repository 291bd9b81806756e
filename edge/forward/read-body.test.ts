import { describe, expect, it } from 'vitest';
import { DomainError } from '#platform/problem/domain-error.ts';
import { readBody } from './read-body.ts';

const LIMIT = 65_536;
type Controller = ReadableStreamDefaultController<Uint8Array>;

/** A request whose body the test sends piece by piece, under a clock that runs out when the test says so. */
function open(headers: Record<string, string> = {}) {
  const clock = new AbortController();
  const asked: number[] = [];
  let controller: Controller | undefined;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (started) => {
      controller = started;
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  const request = new Request('http://edge.test/', { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
  const deadline = (ms: number) => {
    asked.push(ms);
    return clock.signal;
  };
  const reading = readBody({ deadline }, request).then(
    (bytes) => bytes.byteLength,
    (error: unknown) => (error instanceof DomainError ? error.slug : error),
  );
  return {
    reading,
    asked,
    send: (bytes: number) => controller?.enqueue(new Uint8Array(bytes)),
    finish: () => controller?.close(),
    breakOff: () => controller?.error(new TypeError('terminated')),
    runOut: () => clock.abort(),
    isCancelled: () => isCancelled,
  };
}

describe('a body', () => {
  it.each([
    ['none', {}],
    ['less than there is', { 'content-length': '5' }],
    ['more than there is', { 'content-length': '60000' }],
    ['nonsense', { 'content-length': 'many' }],
    ['less than nothing', { 'content-length': '-1' }],
  ])(
    'whose content-length is %s is counted as it comes: whole at the limit, 413 one byte over it',
    async (_what, headers) => {
      const whole = open(headers);
      for (const bytes of [LIMIT - 10, 10]) whole.send(bytes);
      whole.finish();
      expect(await whole.reading).toBe(LIMIT);
      const over = open(headers);
      for (const bytes of [LIMIT - 10, 11]) over.send(bytes);
      expect(await over.reading).toBe('payload-too-large');
      // The rest is not waited for.
      expect(over.isCancelled()).toBe(true);
    },
  );

  it('that says it is too large is refused unread', async () => {
    const body = open({ 'content-length': String(LIMIT + 1) });
    expect([await body.reading, body.asked]).toEqual(['payload-too-large', []]);
  });

  it.each([0, 1, 30_000])(
    'that stops after %i bytes is 408 once its 10 s are over, and is waited for no longer',
    async (bytes) => {
      const body = open();
      if (bytes > 0) body.send(bytes);
      await new Promise(setImmediate);
      body.runOut();
      expect([await body.reading, body.asked, body.isCancelled()]).toEqual(['request-timeout', [10_000], true]);
    },
  );

  it('that came in time is good, though its time runs out afterwards', async () => {
    const body = open();
    body.send(3);
    body.finish();
    expect(await body.reading).toBe(3);
    body.runOut();
    expect(await body.reading).toBe(3);
  });

  it('that the client breaks off is 400, not a failure of ours', async () => {
    const body = open({ 'content-length': '100' });
    body.send(30);
    await new Promise(setImmediate);
    body.breakOff();
    expect(await body.reading).toBe('invalid-request');
  });

  it('of nothing at all is empty', async () => {
    const request = new Request('http://edge.test/', { method: 'POST' });
    expect((await readBody({ deadline: () => AbortSignal.abort() }, request)).byteLength).toBe(0);
  });
});
