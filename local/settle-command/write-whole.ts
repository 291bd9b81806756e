import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';

/**
 * Writes a file that is there only when it is whole and on the disk: until then it has a name beside it, and nothing is
 * left when `write` fails, or is interrupted. `write` ends the stream; what it answers is passed on.
 */
export async function writeWhole<T>(file: string, write: (to: Writable) => Promise<T>): Promise<T> {
  const beside = `${file}.${process.pid}.part`;
  try {
    if ((await stat(file).catch(() => undefined))?.isDirectory()) throw new Error('it is a directory');
    await (await open(beside, 'wx')).close();
  } catch (cause) {
    throw new Error(`Cannot write ${file}`, { cause });
  }
  try {
    const answer = await write(createWriteStream(beside, { flush: true }));
    await rename(beside, file);
    return answer;
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
