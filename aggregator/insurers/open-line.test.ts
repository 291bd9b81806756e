import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Insurer } from './insurer.ts';
import { openLine } from './open-line.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new AbortController().signal;
/** A line to an insurer, how often it was asked, and one poll through its guard, as long as it takes. */
function lineTo(collect: Insurer['collect']) {
  const seen = { asked: 0 };
  const line = openLine({ id: 'volga', protocol: 'rest', collect }, 'http://insurers.test');
  const poll = async (stop = never) => {
    const outcome = line.guard
      .execute(({ signal }) => {
        seen.asked += 1;
        return line.insurer.collect({ signal } as Parameters<Insurer['collect']>[0], line.baseUrl);
      }, stop)
      .then(
        () => 'good',
        (error: Error) => error.message,
      );
    await vi.advanceTimersByTimeAsync(120_000);
    return outcome;
  };
  return { line, seen, poll };
}
const broken = () => lineTo(() => Promise.reject(new Error('broken')));

describe('R14 the guard of an insurer', () => {
  test('asks again twice before it gives up', async () => {
    const { seen, poll } = broken();
    expect(await poll()).toBe('broken');
    expect(seen.asked).toBe(3);
  });

  test('is content with a second attempt that succeeds', async () => {
    const answers = [Promise.reject(new Error('broken')), Promise.resolve([])];
    answers[0]?.catch(() => undefined);
    const { poll } = lineTo(() => answers.shift() ?? Promise.resolve([]));
    expect(await poll()).toBe('good');
  });

  test('ends an attempt that hangs after 20 s, also when the insurer does not listen', async () => {
    const { seen, poll } = lineTo(() => new Promise(() => undefined));
    expect(await poll()).toBe('Operation timed out after 20000ms');
    expect(seen.asked).toBe(3);
  });

  test('opens after 5 polls that failed, asks nobody for 10 minutes, then tries one', async () => {
    const { line, seen, poll } = broken();
    for (let polls = 0; polls < 5; polls += 1) await poll();
    expect([line.breaker(), seen.asked]).toEqual(['open', 15]);
    await poll();
    expect(seen.asked).toBe(15);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await poll();
    expect([line.breaker(), seen.asked]).toEqual(['open', 18]);
  });

  test('shares nothing with the guard of another', async () => {
    const bad = broken();
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
    expect(seen.asked).toBe(1);
  });
});
