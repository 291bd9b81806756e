import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Installs packages, `name@1.2.3`, into a folder of their own, once: what only a benchmark needs is not in package.json.
 * Resolves to what they are required by. Rejects with a sentence when npm cannot.
 */
export async function fetchNpm(packages: readonly string[]): Promise<NodeJS.Require> {
  const folder = resolve('.local/bench/peers', packages.map((name) => name.replaceAll('/', '-')).join('+'));
  if (!(await isThere(folder))) {
    const partial = `${folder}.${process.pid}`;
    await mkdir(partial, { recursive: true });
    const args = ['install', '--prefix', partial, '--no-save', '--no-audit', '--no-fund', ...packages];
    await run('npm', args).catch(async (error: { stderr?: string }) => {
      await rm(partial, { recursive: true, force: true });
      throw new Error(`npm could not fetch ${packages.join(' ')}: ${error.stderr?.split('\n')[0] ?? error}`);
    });
    await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return createRequire(join(folder, 'node_modules', 'peers.js'));
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
