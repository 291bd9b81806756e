import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Prints lines, no faster than they are read. */
export async function printLines(stdout: Writable, lines: readonly string[]): Promise<void> {
  if (lines.length > 0 && !stdout.write(`${lines.join('\n')}\n`)) await once(stdout, 'drain');
}
