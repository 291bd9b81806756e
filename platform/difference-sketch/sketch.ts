import { locate, mix, SUM_BYTES, TABLE_BYTES } from './cells.ts';
import { type Operation, writeOperation } from './operation.ts';

/** A set of operations in constant space, of which only the difference to another can be read: compare.ts. */
export interface Sketch {
  /** Takes an operation in, 3 us. Each once: twice the same is no set. Throws for a policy's id without a uuid. */
  add(operation: Operation): void;
  /** 5,506 characters of base64url. */
  toText(): string;
  readonly table: Uint8Array;
}

/** A table's first byte: with other cells or another digest it would be another. */
const FORMAT = 1;
/** Base64url without padding; a text that ends otherwise would be another's bytes. */
const TEXT_LENGTH = Math.ceil(((TABLE_BYTES + 1) * 4) / 3);

/**
 * An empty invertible Bloom lookup table (Goodrich, Mitzenmacher: "Invertible Bloom Lookup Tables", 2011), used as in
 * Eppstein, Goodrich, Uyeda, Varghese: "What's the Difference? Efficient Set Reconciliation without Prior Context", SIGCOMM
 * 2011: what both sides have cancels out, so its size follows from the differences alone.
 */
export const createSketch = (): Sketch => sketchOf(Buffer.alloc(TABLE_BYTES));

/** The sketch that a text is; undefined when it is none, or of another format. */
export function readSketch(text: string): Sketch | undefined {
  const bytes = text.length === TEXT_LENGTH ? Buffer.from(text, 'base64url') : Buffer.alloc(0);
  const isOne = bytes.length === TABLE_BYTES + 1 && bytes[0] === FORMAT && bytes.toString('base64url') === text;
  return isOne ? sketchOf(Buffer.from(bytes.subarray(1))) : undefined;
}

function sketchOf(table: Buffer): Sketch {
  const sum = Buffer.alloc(SUM_BYTES);
  return {
    table,
    add(operation) {
      writeOperation(sum, operation);
      for (const cell of locate(sum)) mix(table, cell, { sum, times: 1 });
    },
    toText: () => Buffer.concat([Buffer.of(FORMAT), table]).toString('base64url'),
  };
}
