import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Programs that drills need, and the package of Debian that each is in. */
const PACKAGES = { gdnsd: 'gdnsd', unbound: 'unbound', ip: 'iproute2', setpriv: 'util-linux' } as const;
export type ProgramName = keyof typeof PACKAGES;

/** A sentence that says what to install, or nothing when all are there. */
export async function missingPrograms(
  names: readonly ProgramName[],
  path = process.env['PATH'],
): Promise<string | undefined> {
  // Where a user's own PATH does not look for programs of root's.
  const folders = [...(path ?? '').split(':'), '/usr/sbin', '/sbin'];
  const there = await Promise.all(names.map((name) => isThere(name, folders)));
  const missing = names.filter((_, place) => !there[place]).map((name) => PACKAGES[name]);
  return missing.length === 0
    ? undefined
    : `Programs are missing: apt-get install --no-install-recommends ${missing.join(' ')}`;
}

async function isThere(program: string, folders: readonly string[]): Promise<boolean> {
  for (const folder of folders) {
    const found = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}
