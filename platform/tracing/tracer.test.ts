import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newTraceId } from './traceparent.ts';
import { createTracer, type Span } from './tracer.ts';

const span = (name: string): Span => ({
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  kind: 'server',
  name,
  startMs: 0,
  endMs: 1,
  attributes: {},
  failed: false,
});

/** A tracer, and a collector that answers when the test says. */
function room(ratio = 1) {
  const sent: { names: string[]; end: (how?: Error) => void }[] = [];
  const counted = { exported: 0, dropped: 0 };
  const warned: string[] = [];
  const tracer = createTracer({
    send: (spans) =>
      new Promise((resolve, reject) => {
        sent.push({ names: spans.map(({ name }) => name), end: (how) => (how ? reject(how) : resolve()) });
      }),
    now: () => 0,
    ratio,
    count: (outcome, spans) => {
      counted[outcome] += spans;
    },
    logWarn: (_fields, message) => warned.push(message),
  });
  const record = (count: number) => {
    for (let n = 0; n < count; n += 1) tracer.record(span(String(n)));
  };
  return { tracer, sent, counted, warned, record };
}

const turn = () => new Promise(setImmediate);

describe('a tracer', () => {
  test('sends what waits, in order, 512 at once, and counts it when it has arrived', async () => {
    const { tracer, sent, counted, record } = room();
    record(513);
    const flushed = tracer.flush();
    expect(sent.map(({ names }) => names.length)).toEqual([512]);
    expect(counted.exported).toBe(0);
    sent[0]?.end();
    await turn();
    expect(sent[1]?.names).toEqual(['512']);
    sent[1]?.end();
    await flushed;
    expect(counted).toEqual({ exported: 513, dropped: 0 });
  });

  test('drops and counts what comes when 2,048 wait or are on their way', async () => {
    const { tracer, counted, record } = room();
    record(2_047);
    expect(tracer.hasRoom()).toBe(true);
    record(1);
    expect(tracer.hasRoom()).toBe(false);
    record(7);
    expect(counted.dropped).toBe(7);
    // On its way it still takes memory.
    void tracer.flush();
    expect(tracer.hasRoom()).toBe(false);
  });

  test('a flush waits for nothing that another one began', async () => {
    const { tracer, sent, record } = room();
    record(1);
    void tracer.flush();
    record(1);
    const second = tracer.flush();
    expect(sent).toHaveLength(2);
    sent[1]?.end();
    await second;
  });

  test('a collector that is away costs its spans, is told once, and told again after it was back', async () => {
    const { tracer, sent, counted, warned, record } = room();
    for (const failure of [new Error('away'), new Error('away'), undefined, new Error('away')]) {
      record(2);
      const flushed = tracer.flush();
      sent.at(-1)?.end(failure);
      await flushed;
    }
    expect(counted).toEqual({ exported: 2, dropped: 6 });
    expect(warned).toHaveLength(2);
    expect(tracer.hasRoom()).toBe(true);
  });

  test('a flush with nothing to send sends nothing', async () => {
    const { tracer, sent } = room();
    await tracer.flush();
    expect(sent).toEqual([]);
  });

  test.each([0, 0.01, 0.5, 1])('records %d of the traces that begin here', (ratio) => {
    const { tracer } = room(ratio);
    const traces = 4_000;
    const sampled = Array.from({ length: traces }, newTraceId).filter(tracer.samples).length;
    // Six standard deviations: it fails by chance once in half a billion runs.
    expect(Math.abs(sampled - ratio * traces)).toBeLessThanOrEqual(6 * Math.sqrt(traces * ratio * (1 - ratio)));
  });

  test('what a lower ratio records a higher one does too, so that services need not agree on it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, other) => {
          const [low, high] = one < other ? [one, other] : [other, one];
          const traceId = newTraceId();
          expect(!room(low).tracer.samples(traceId) || room(high).tracer.samples(traceId)).toBe(true);
        },
      ),
    );
  });
});
