import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Silence, watchSilence } from './watch-silence.ts';

const message = (type: string, body: string) => {
  const bytes = Buffer.from(`${type}\0\0\0\0${body}`, 'latin1');
  bytes.writeUInt32BE(bytes.length - 1, 1);
  return bytes;
};
const query = (statement: string) => message('Q', `${statement}\0`);
const startup = (...words: string[]) =>
  Buffer.from(`\0\0\0\x50\0\x03\0\0user\0core\0${words.join('\0')}\0\0`, 'latin1');
const ready = (status: 'I' | 'T') => message('Z', status);
const row = message('D', 'something');

let silent: ReturnType<typeof vi.fn<() => void>>;
let silence: Silence;
const passes = (ms: number) => {
  vi.advanceTimersByTime(ms);
  return silent.mock.calls.length;
};
beforeEach(() => {
  vi.useFakeTimers();
  silent = vi.fn<() => void>();
  silence = watchSilence(silent);
  silence.asked(startup('statement_timeout', '10000', 'lock_timeout', '5000'));
  silence.heard(ready('I'));
});
afterEach(() => void vi.useRealTimers());

describe('R1 a connection is silent', () => {
  test('12 s after the question, when a statement may take 10', () => {
    silence.asked(query('select 1'));
    expect([passes(11_999), passes(1)]).toEqual([0, 1]);
  });

  test('counted from the first question of many, and anew from each piece of an answer', () => {
    silence.asked(query('select 1'));
    passes(6_000);
    silence.asked(query('select 2'));
    expect(passes(5_999)).toBe(0);
    silence.heard(row);
    expect([passes(11_999), passes(1)]).toEqual([0, 1]);
  });

  test('within the time that a transaction asked for, and in the usual time after it', () => {
    silence.asked(query('begin'));
    silence.heard(ready('T'));
    silence.asked(query("set local statement_timeout = '5min'"));
    silence.heard(ready('T'));
    silence.asked(query('select pg_sleep(200)'));
    expect(passes(301_999)).toBe(0);
    silence.heard(ready('T'));
    silence.asked(query('commit'));
    silence.heard(ready('I'));
    silence.asked(query('select 1'));
    expect([passes(11_999), passes(1)]).toEqual([0, 1]);
  });

  test('in another time from now on, when the session asked for it', () => {
    silence.asked(query('set statement_timeout = 500'));
    silence.heard(ready('I'));
    silence.asked(query('select 1'));
    expect([passes(2_499), passes(1)]).toEqual([0, 1]);
  });
});

describe('R1 a connection is not silent', () => {
  test('while nothing is asked, or its client has a page of a cursor in hand', () => {
    expect(passes(3_600_000)).toBe(0);
    silence.asked(query('select 1'));
    silence.heard(Buffer.concat([row, message('s', '')]));
    expect(passes(3_600_000)).toBe(0);
  });

  test('when it has ended', () => {
    silence.asked(query('select 1'));
    silence.end();
    expect(passes(3_600_000)).toBe(0);
  });

  test('when its statements may take for ever', () => {
    const calls = vi.fn<() => void>();
    const other = watchSilence(calls);
    other.asked(startup('application_name', 'backup'));
    other.asked(query('select 1'));
    vi.advanceTimersByTime(3_600_000);
    expect(calls).not.toHaveBeenCalled();
  });

  test.each([
    message('B', "set local statement_timeout = '1ms'"),
    query("select 'set statement_timeout = 1'"),
    query("set application_name = 'statement_timeout = 1'"),
  ])('because of what is no setting: %s', (bytes) => {
    silence.asked(bytes);
    silence.heard(ready('I'));
    silence.asked(query('select 1'));
    expect(passes(11_999)).toBe(0);
  });
});
