import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from './find-tool.testing.ts';
import { secretFiles, UNKNOWN } from './secret-files.ts';

export const root = join(import.meta.dirname, '..');
const KUBERNETES = '1.34';

export const kubectl = findTool('KUBECTL', 'kubectl');
const validator = findTool('KUBERNETES_VALIDATE', 'venv/bin/kubernetes-validate');
/** Why nothing can be rendered here; empty if it can. */
export const absent = kubectl && validator ? '' : 'kubectl or kubernetes-validate is not here: run k8s/tools.sh';

/** All overlays there are, as folders. */
export const OVERLAYS = readdirSync(join(root, 'k8s/overlays'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => `k8s/overlays/${entry.name}`);

const rendered = new Map<string, string>();
/** What `kubectl apply -k` would send; a region's secrets are made for it, and are others each time. */
export function render(folder: string): string {
  const known = rendered.get(folder);
  if (known !== undefined) return known;
  const text = inCopy((copy) => {
    if (readFileSync(join(root, folder, 'kustomization.yaml'), 'utf8').includes('secrets/'))
      addSecrets(join(copy, folder, 'secrets'));
    return execFileSync(kubectl ?? '', ['kustomize', join(copy, folder)], { encoding: 'utf8' });
  });
  rendered.set(folder, text);
  return text;
}

/** With the kustomizations in a folder of their own: secrets of this machine's operator are not for tests. */
function inCopy<T>(use: (copy: string) => T): T {
  const copy = mkdtempSync(join(tmpdir(), 'manifests-'));
  try {
    const isTheirs = (path: string) => path.endsWith('secrets');
    for (const part of ['base', 'production', 'overlays'])
      cpSync(join(root, 'k8s', part), join(copy, 'k8s', part), { recursive: true, filter: (path) => !isTheirs(path) });
    return use(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function addSecrets(folder: string): void {
  const secret = () => randomBytes(32).toString('base64url');
  const known = (text: string) =>
    text.replace(`URL=${UNKNOWN}`, 'URL=https://store.example').replaceAll(UNKNOWN, secret);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(secretFiles(secret))) writeFileSync(join(folder, name), known(text));
  for (const name of ['tls.crt', 'tls.key']) writeFileSync(join(folder, name), 'not looked into\n');
}

/** The objects that pass the strict schemas, as `kind/name`; throws with the validator's words if one does not. */
export function validated(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  try {
    const file = join(folder, 'all.yaml');
    writeFileSync(file, text);
    // A kind without a schema is but a warning to the validator, so what passed is read from its words.
    const words = execFileSync(validator ?? '', ['--strict', '-k', KUBERNETES, file], { encoding: 'utf8' });
    return [...words.matchAll(/passed for resource (\S+) against version 1\.34/g)].map((match) => match[1] ?? '');
  } catch (error) {
    throw new Error(`Kubernetes ${KUBERNETES} refuses it: ${(error as { stdout?: string }).stdout ?? error}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
