/** Whole answers, one behind the other, and how many. */
export interface Answers {
  readonly bytes: Buffer;
  readonly count: number;
}

/** An answer of Kafka's begins with how many bytes follow. */
const LENGTH_BYTES = 4;

/** Given bytes as they come, hands over whole answers; undefined until there is one. */
export function gatherAnswers(): (bytes: Buffer) => Answers | undefined {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let neededBytes = LENGTH_BYTES;
  return (bytes) => {
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes < neededBytes) return undefined;
    const all = held.length === 1 ? bytes : Buffer.concat(held);
    let count = 0;
    let end = 0;
    for (let next = endOf(all, 0); next <= all.length; next = endOf(all, end)) {
      end = next;
      count += 1;
    }
    const rest = all.subarray(end);
    held = rest.length > 0 ? [rest] : [];
    heldBytes = rest.length;
    neededBytes = endOf(rest, 0);
    return count > 0 ? { bytes: all.subarray(0, end), count } : undefined;
  };
}

/** Where the answer that begins there ends; beyond the bytes if it is not all there. */
const endOf = (bytes: Buffer, start: number): number =>
  start + LENGTH_BYTES + (start + LENGTH_BYTES > bytes.length ? 0 : bytes.readUInt32BE(start));
