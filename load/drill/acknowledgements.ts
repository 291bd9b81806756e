import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Policy } from '#contracts/policy.ts';

/** A success that the buyer was told of. `key` is the intent's. */
export interface Acknowledgement {
  readonly key: string;
  readonly operation: 'issued' | 'cancelled';
  readonly policy: Policy;
}

/** The buyer's own book: a line for each answer, written before anything else is done with it. */
export interface Acknowledgements {
  append(line: Acknowledgement): void;
  read(): Promise<Acknowledgement[]>;
}

export function openAcknowledgements(file: string): Acknowledgements {
  appendFileSync(file, '');
  return {
    append: (line) => appendFileSync(file, `${JSON.stringify(line)}\n`),
    async read() {
      const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
      return lines.map((line) => JSON.parse(line) as Acknowledgement);
    },
  };
}
