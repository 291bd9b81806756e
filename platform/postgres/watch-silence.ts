/** Beyond its own timeout a statement is given so long to say so, ms. */
const GRACE_MS = 2_000;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };
const IN_STARTUP = /\0statement_timeout\0(\d+)\0/;
const IN_SET = /^set (?:local |session )?statement_timeout (?:=|to) '?(\d+) ?(ms|s|min|h)?'?\W*$/i;
/** Of the frontend's messages; a startup packet has no type. */
const QUERY = 'Q'.charCodeAt(0);

/** A connection as its bytes go by. */
export interface Silence {
  asked(bytes: Uint8Array): void;
  heard(bytes: Uint8Array): void;
  end(): void;
}

/**
 * Calls `silent` when a server that was asked says nothing for longer than any of its statements may take: the connection is
 * half open, and nobody would ever be told. How long that is the connection itself says, in its startup packet and by
 * `set`, for one transaction or for good; without a timeout nothing is silence.
 *
 * | state   | what is asked | what is heard                                       | time passes   |
 * | ------- | ------------- | --------------------------------------------------- | ------------- |
 * | resting | waiting       | resting                                             | resting       |
 * | waiting | waiting       | resting, if it ends an answer; else waiting, anew   | silent, once  |
 */
export function watchSilence(silent: () => void): Silence {
  let usualMs = 0;
  let ms = 0;
  let isFirst = true;
  let timer: NodeJS.Timeout | undefined;
  const rest = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const wait = () => {
    rest();
    if (ms > 0) timer = setTimeout(silent, ms + GRACE_MS).unref();
  };
  return {
    asked(bytes) {
      const found = isFirst
        ? IN_STARTUP.exec(textOf(bytes))
        : bytes[0] === QUERY
          ? IN_SET.exec(statementOf(bytes))
          : null;
      if (found) {
        ms = Number(found[1]) * (UNITS[found[2] ?? 'ms'] as number);
        if (isFirst || !/^set local/i.test(found[0])) usualMs = ms;
      }
      isFirst = false;
      // What is asked behind a question that waits does not make the wait longer.
      if (!timer) wait();
    },
    heard(bytes) {
      if (!timer) return;
      const status = readyStatus(bytes);
      if (status === undefined && !isSuspended(bytes)) return wait();
      rest();
      if (status === 'I') ms = usualMs;
    },
    end: rest,
  };
}

const textOf = (bytes: Uint8Array, from = 0, to = bytes.length) =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1');
/** Behind type and length, up to its zero; of what is no short statement only the beginning. */
const statementOf = (bytes: Uint8Array) => textOf(bytes, 5, Math.min(bytes.length, 100)).split('\0', 1)[0] ?? '';

/** Of a ReadyForQuery at the end: I idle, T in a transaction, E in one that failed. */
function readyStatus(bytes: Uint8Array): string | undefined {
  const end = textOf(bytes, Math.max(0, bytes.length - 6));
  return end.startsWith('Z\0\0\0\x05') ? end[5] : undefined;
}

/** A cursor has given a page, and it is the client's to ask for the next. */
const isSuspended = (bytes: Uint8Array) => textOf(bytes, Math.max(0, bytes.length - 5)) === 's\0\0\0\x04';
