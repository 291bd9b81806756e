import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Each program, and the package of Debian that it is in. */
const PROGRAMS = { taskset: 'util-linux', wrk: 'wrk', nginx: 'nginx-light' };

/** Throws a sentence when a program is missing, or a processor for who asks. */
export async function requirePrograms({
  path = process.env['PATH'] ?? '',
  processors = availableParallelism(),
} = {}): Promise<void> {
  if (process.platform !== 'linux' || processors < 2) {
    throw new Error('The edge is measured on Linux with two processors: one for it, one for who asks');
  }
  const missing: string[] = [];
  for (const [program, from] of Object.entries(PROGRAMS)) if (!(await isThere(program, path))) missing.push(from);
  if (missing.length > 0) throw new Error(`Programs are missing: apt-get install ${missing.join(' ')}`);
}

async function isThere(program: string, path: string): Promise<boolean> {
  for (const folder of path.split(':')) {
    const found = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
