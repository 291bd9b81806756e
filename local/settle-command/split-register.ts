const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The depth inside the array of lines: the document is 1, its array 2. */
const LINES_DEPTH = 2;

/**
 * Takes a register's JSON apart as it comes: `push` gives the lines that a chunk completes, each the bytes of one JSON
 * object, and `end` the document without them. It keeps no more than one line: a register may have a million. All of
 * JSON's own signs are ASCII, and no byte of another character is (UTF-8).
 */
export function splitRegister() {
  let depth = 0;
  let inText = false;
  let escaped = false;
  let inLines = false;
  let line: Uint8Array[] = [];
  const document: Uint8Array[] = [];

  function push(chunk: Uint8Array): Buffer[] {
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) inText = true;
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        if (inLines && depth === LINES_DEPTH) from = at;
        depth++;
        if (byte === OPEN_ARRAY && depth === LINES_DEPTH) {
          inLines = true;
          document.push(chunk.slice(from, at + 1));
        }
      } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        depth--;
        if (inLines && depth === LINES_DEPTH) {
          lines.push(Buffer.concat([...line, chunk.subarray(from, at + 1)]));
          line = [];
        } else if (inLines && depth < LINES_DEPTH) {
          inLines = false;
          from = at;
        }
      }
    }
    if (!inLines) document.push(chunk.slice(from));
    else if (depth > LINES_DEPTH) line.push(chunk.slice(from));
    return lines;
  }

  return { push, end: (): unknown => JSON.parse(Buffer.concat(document).toString()) };
}
