import { chmod, chown, constants, copyFile, type FileHandle, lstat, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Copying {
  readonly from: string;
  readonly to: string;
  /** Whether a file or folder, named from `from` on, is left out. */
  readonly skips?: (path: string) => boolean;
}

/** Files copied at a time. */
const AT_ONCE = 8;

/**
 * Copies what is below a folder with owners and modes; resolves with the bytes once all of them are on disk. What goes or
 * grows meanwhile, as in a database that runs, goes or is cut somewhere. Rejects at anything but files and folders.
 */
export async function copyTree({ from, to, skips = () => false }: Copying): Promise<number> {
  const files: string[] = [];
  await copyFolder('');
  let bytes = 0;
  const next = files.values();
  const work = async () => {
    for (const path of next) {
      const copied = await copyOne(join(from, path), join(to, path));
      bytes += copied;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return bytes;

  async function copyFolder(path: string): Promise<void> {
    const { mode, uid, gid } = await lstat(join(from, path));
    await mkdir(join(to, path), { recursive: true });
    await chmod(join(to, path), mode & 0o777);
    await own(join(to, path), { uid, gid });
    for (const entry of await readdir(join(from, path), { withFileTypes: true })) {
      const inner = join(path, entry.name);
      if (skips(inner)) continue;
      if (entry.isDirectory()) await copyFolder(inner);
      else if (entry.isFile()) files.push(inner);
      else throw new Error(`${join(from, inner)} is neither a file nor a folder, and cannot be copied`);
    }
    await onDisk(join(to, path), (folder) => folder.sync());
  }
}

async function copyOne(from: string, to: string): Promise<number> {
  try {
    const { mode, uid, gid } = await lstat(from);
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await chmod(to, mode & 0o777);
    await own(to, { uid, gid });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  return onDisk(to, async (file) => {
    await file.sync();
    return (await file.stat()).size;
  });
}

/** Only root can give files away; anybody else copies what is its own already. */
async function own(path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, uid, gid);
}

async function onDisk<Result>(path: string, work: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await open(path, 'r');
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
