import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InsurerReplyError } from '../protocols/insurer-reply-error.ts';
import type { Insurer } from './insurer.ts';
import { failureReason, openLine } from './open-line.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;
/** A line to an insurer, when it was asked, and one poll through its guard, as long as it takes. */
function lineTo(collect: Insurer['collect']) {
  const seen = { askedAt: [] as number[], retries: 0 };
  const begun = Date.now();
  const line = openLine({ id: 'volga', protocol: 'rest', collect }, 'http://insurers.test', {
    random: () => 0,
    onRetry: () => {
      seen.retries += 1;
    },
  });
  const start = (stop = never) =>
    line.guard
      .execute(({ signal }) => {
        seen.askedAt.push(Date.now() - begun);
        return line.insurer.collect({ signal } as Parameters<Insurer['collect']>[0], line.baseUrl);
      }, stop)
      .then(
        () => 'good',
        (error: Error) => failureReason(error),
      );
  const poll = async (stop = never) => {
    const outcome = start(stop);
    await vi.advanceTimersByTimeAsync(120_000);
    return outcome;
  };
  return { line, seen, start, poll };
}
const refusing = (error: Error) => lineTo(() => Promise.reject(error));
const wrong = (reason: ConstructorParameters<typeof InsurerReplyError>[0], options = {}) =>
  new InsurerReplyError(reason, 'it was wrong', options);

describe('R14 the guard of an insurer', () => {
  test.each([
    ['no answer', wrong('unreachable')],
    ['a cut connection', wrong('cut-off')],
    ['pages of two states', wrong('paging')],
    ['500', wrong('status', { status: 500 })],
    ['503', wrong('status', { status: 503 })],
    ['429', wrong('status', { status: 429 })],
  ])('asks again twice after %s, first after 0.5 s and then after 1 s', async (_, error) => {
    const { seen, poll } = refusing(error);
    expect(await poll()).toBe(error.reason);
    expect([seen.askedAt, seen.retries]).toEqual([[0, 500, 1_500], 2]);
  });

  test.each([
    ['a wrong schema', wrong('schema')],
    ['a broken body', wrong('malformed')],
    ['a wrong content type', wrong('content-type')],
    ['a body that is too large', wrong('too-large')],
    ['a fault of its own', wrong('fault')],
    ['404', wrong('status', { status: 404 })],
    ['429 with a Retry-After that would outlive the timeout', wrong('status', { status: 429, retryAfterMs: 3_001 })],
    ['an error of our own', new TypeError('a bug')],
  ])('does not ask again after %s: it would be the same a second later', async (_, error) => {
    const { seen, poll } = refusing(error);
    await poll();
    expect(seen.askedAt).toEqual([0]);
  });

  test('waits as long as the insurer asks', async () => {
    const { seen, poll } = refusing(wrong('status', { status: 429, retryAfterMs: 3_000 }));
    await poll();
    expect(seen.askedAt).toEqual([0, 3_000, 6_000]);
  });

  test('is content with a second attempt that succeeds', async () => {
    const answers = [() => Promise.reject(wrong('unreachable')), () => Promise.resolve([])];
    const { poll } = lineTo(() => answers.shift()?.() ?? Promise.resolve([]));
    expect(await poll()).toBe('good');
  });

  test('ends a collection that hangs after 20 s in all, also when the insurer does not listen, and does not repeat it', async () => {
    const { seen, start } = lineTo(() => new Promise(() => undefined));
    const outcome = start();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await outcome).toBe('timeout');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.askedAt).toEqual([0]);
  });

  test('asks no more once the time is over, whatever attempts are left', async () => {
    const attempts: PromiseWithResolvers<never>[] = [];
    const { seen, start } = lineTo(() => {
      const attempt = Promise.withResolvers<never>();
      attempts.push(attempt);
      return attempt.promise;
    });
    const outcome = start();
    await vi.advanceTimersByTimeAsync(12_000);
    attempts[0]?.reject(wrong('unreachable'));
    await vi.advanceTimersByTimeAsync(8_000);
    expect(await outcome).toBe('timeout');
    attempts[1]?.reject(wrong('unreachable'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen.askedAt).toEqual([0, 12_500]);
  });

  test('lets one collection be under way, and turns a second away at once without asking', async () => {
    const { line, seen, start } = lineTo(() => new Promise(() => undefined));
    const first = start();
    expect([await start(), seen.askedAt.length, line.busy()]).toEqual(['busy', 1, true]);
    await vi.advanceTimersByTimeAsync(20_000);
    await first;
    expect(line.busy()).toBe(false);
  });

  test('opens after 5 polls that failed, asks nobody for 10 minutes, then tries one', async () => {
    const { line, seen, poll } = refusing(wrong('schema'));
    for (let polls = 0; polls < 5; polls += 1) await poll();
    expect([line.breaker(), seen.askedAt.length]).toEqual(['open', 5]);
    expect(await poll()).toBe('breaker-open');
    expect(seen.askedAt).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await poll();
    expect([line.breaker(), seen.askedAt.length]).toEqual(['open', 6]);
  });

  test('shares nothing with the guard of another', async () => {
    const bad = refusing(wrong('schema'));
    const fine = lineTo(async () => []);
    for (let polls = 0; polls < 5; polls += 1) await bad.poll();
    expect([bad.line.breaker(), fine.line.breaker(), await fine.poll()]).toEqual(['open', 'closed', 'good']);
  });

  test('ends at once when the aggregator stops', async () => {
    const stopping = new AbortController();
    const { seen, poll } = lineTo(() => {
      stopping.abort();
      return new Promise(() => undefined);
    });
    await poll(stopping.signal);
    expect(seen.askedAt).toHaveLength(1);
  });
});
