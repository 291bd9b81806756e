import { chown, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file that belongs to whom its folder belongs to, and that only they may read; resolves when it is on disk. */
export async function writeOwned(path: string, contents: string | Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(contents);
    await file.sync();
  } finally {
    await file.close();
  }
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(path));
  await chown(path, uid, gid);
}
