import { readFile } from 'node:fs/promises';
import { RECORD, type TestRecord } from './record.ts';

/** What is on record; nothing, if nothing ran yet. */
export async function readRecord(path = RECORD): Promise<TestRecord> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as TestRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { files: {} };
    throw new Error(`${path} cannot be read; delete it and run the tests again`, { cause: error });
  }
}
