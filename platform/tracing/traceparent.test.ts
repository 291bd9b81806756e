import { describe, expect, it } from 'vitest';
import { newSpanId, newTraceId, readTraceparent, writeTraceparent } from './traceparent.ts';

/** More than are made at a time. */
const MANY = 1_000;

describe('newTraceId', () => {
  it('is a UUID of version 4 in hex, so that no half of it is zero', () => {
    for (let id = 0; id < MANY; id += 1) expect(newTraceId()).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  it('is never the same, nor is half of it', () => {
    const ids = Array.from({ length: MANY }, newTraceId);
    expect(new Set([...ids.map((id) => id.slice(0, 16)), ...ids.map((id) => id.slice(16))]).size).toBe(2 * MANY);
  });

  it('has every digit wherever it is random, about as often', () => {
    const ids = Array.from({ length: 16 * MANY }, newTraceId);
    for (const at of [0, 11, 13, 17, 31])
      for (const digit of '0123456789abcdef') {
        const times = ids.filter((id) => id[at] === digit).length;
        // Of 16,000 at a sixteenth: eight deviations either way.
        expect(times, `${digit} at ${at}`).toBeGreaterThan(750);
        expect(times, `${digit} at ${at}`).toBeLessThan(1_250);
      }
  });

  it('makes a traceparent that is read as it was written', () => {
    const one = { traceId: newTraceId(), spanId: newSpanId(), flags: '01' };
    expect(readTraceparent(writeTraceparent(one))).toEqual(one);
  });
});
