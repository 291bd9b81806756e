import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Wait } from '#platform/lifecycle/wait.ts';
import { SERVICE } from './write-config.ts';

/** What operators force on gdnsd, whatever its probes say (gdnsd(8), "ADMIN STATE FILE"). */
export interface AdminState {
  /** Whether this address is kept out. */
  isDown(address: string): Promise<boolean>;
  /** Keeps an address out, or leaves it to its probes again. What else is forced stays as it is. */
  setDown(address: string, isDown: boolean): Promise<void>;
}

/** A key, which may be a shell pattern, and what it forces. */
const LINE = /^\s*"?([^\s"=#;]+)"?\s*=>?\s*"?(UP|DOWN)\b/i;
/** How long the other writer may take, ms: it only writes a file. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 20;

const keyOf = (address: string) => `${address}/${SERVICE}`;

/** The file admin_state in gdnsd's state_dir, which gdnsd watches. */
export function openAdminState({ dir, wait }: { dir: string; wait: Wait }): AdminState {
  const file = join(dir, 'admin_state');
  const read = async () => {
    await stat(dir).catch(() => {
      throw new Error(`There is no folder "${dir}": --state-dir must be the state_dir of gdnsd`);
    });
    return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
  };
  return {
    async isDown(address) {
      return isForcedDown(await read(), keyOf(address));
    },
    async setDown(address, isDown) {
      await using _alone = await lock(`${file}.lock`, wait);
      const text = withLine(await read(), { key: keyOf(address), isDown });
      // gdnsd must never read half of it.
      const made = `${file}.${randomUUID()}`;
      await writeFile(made, text);
      await rename(made, file);
    },
  };
}

/** As gdnsd reads it: later lines override earlier ones. */
export function isForcedDown(text: string, key: string): boolean {
  const forced = text.split('\n').flatMap((line) => {
    const [, pattern = '', state = ''] = LINE.exec(line) ?? [];
    return pattern !== '' && matches(pattern, key) ? [state.toUpperCase()] : [];
  });
  return forced.at(-1) === 'DOWN';
}

/** The text with this key kept out, by a last line, or without any line of its own. */
export function withLine(text: string, { key, isDown }: { key: string; isDown: boolean }): string {
  const others = text.split('\n').filter((line) => line !== '' && LINE.exec(line)?.[1] !== key);
  const lines = [...others, ...(isDown ? [`${key} => DOWN`] : [])];
  return lines.map((line) => `${line}\n`).join('');
}

/** fnmatch(3) without flags: an asterisk passes slashes too. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  return new RegExp(`^${source}$`).test(text);
}

async function lock(file: string, wait: Wait): Promise<AsyncDisposable> {
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (handle) {
      await handle.close();
      return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
    }
    if (waitedMs >= PATIENCE_MS)
      throw new Error(`Somebody else writes admin_state, or was killed while he did: then remove "${file}"`);
    await wait(LOOK_MS, new AbortController().signal);
  }
}
