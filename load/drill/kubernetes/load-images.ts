import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError } from '#platform/config/parse-env.ts';
import type { Cluster } from './cluster.ts';

const run = promisify(execFile);
const MOST_BYTES = 64 * 1024 * 1024;
const MINIKUBE = ['minikube', 'image', 'build', '-t', 'insuretech:dev', '-f', 'k8s/Dockerfile', '.'];

/** How images come to the nodes: archives by a command, or built by minikube. Undefined: they are taken to be there. */
export function loadingOf(env: Readonly<Record<string, string | undefined>>) {
  const { IMAGE_ARCHIVES: folder, IMAGE_IMPORT: command } = env;
  if (!folder !== !command)
    throw new ConfigError('IMAGE_ARCHIVES and IMAGE_IMPORT belong together: a folder of .tar files, and a command.');
  return folder && command ? { folder, command: command.split(/\s+/) } : undefined;
}

/** Brings the images to the cluster's nodes. */
export async function loadImages({ say, signal }: Pick<Cluster, 'say' | 'signal'>): Promise<void> {
  const loading = loadingOf(process.env);
  const call = ([file, ...args]: string[]) => run(file as string, args, { signal, maxBuffer: MOST_BYTES });
  if (loading) {
    const archives = (await readdir(loading.folder)).filter((name) => name.endsWith('.tar')).sort();
    if (archives.length === 0) throw new Error(`IMAGE_ARCHIVES ${loading.folder} has no .tar file`);
    for (const name of archives) await call([...loading.command, join(loading.folder, name)]);
    return say(`${archives.length} images imported`);
  }
  const hasMinikube = await run('minikube', ['version'], { signal }).then(
    () => true,
    () => false,
  );
  if (!hasMinikube) return say('No minikube and no IMAGE_ARCHIVES: the images are taken to be there');
  await call(MINIKUBE);
  say('insuretech:dev built by minikube');
}
