import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const root = join(import.meta.dirname, '..');
const KUBERNETES = '1.34';

// biome-ignore lint/suspicious/noExplicitAny: Kubernetes objects, whose shape the schemas check.
export type Manifest = any;

/** A tool's path: named by its variable, fetched by k8s/tools.sh, or on PATH. */
function findTool(variable: string, fetched: string, name: string): string | undefined {
  const named = process.env[variable];
  const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, name));
  return [...(named ? [named] : []), join(root, '.local/tools', fetched), ...onPath].find((path) => existsSync(path));
}

const kubectl = findTool('KUBECTL', 'kubectl', 'kubectl');
const validator = findTool('KUBERNETES_VALIDATE', 'venv/bin/kubernetes-validate', 'kubernetes-validate');
/** Why nothing can be rendered here; empty if it can. */
export const absent = kubectl && validator ? '' : 'kubectl or kubernetes-validate is not here: run k8s/tools.sh';

const rendered = new Map<string, string>();
/** What `kubectl apply -k` would send. */
export function render(folder: string): string {
  const text =
    rendered.get(folder) ?? execFileSync(kubectl ?? '', ['kustomize', join(root, folder)], { encoding: 'utf8' });
  rendered.set(folder, text);
  return text;
}

export const objects = (text: string): Manifest[] => parseAllDocuments(text).map((document) => document.toJS());

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

export const ofKind = (all: Manifest[], ...kinds: string[]) => all.filter((each) => kinds.includes(each.kind));
export const named = (all: Manifest[], kind: string, name: string) =>
  ofKind(all, kind).find((each) => each.metadata.name === name);
export const workloads = (all: Manifest[]) => ofKind(all, 'Deployment', 'StatefulSet', 'Job');
export const podOf = (workload: Manifest) => workload.spec.template.spec;
export const containersOf = (workload: Manifest): Manifest[] => [
  ...(podOf(workload).initContainers ?? []),
  ...podOf(workload).containers,
];
/** The environment that a container will see. Throws if it refers to what is not there. */
export function environmentOf(container: Manifest, all: Manifest[]): Record<string, string> {
  const data = (kind: 'ConfigMap' | 'Secret', name: string): Record<string, string> => {
    const found = named(all, kind, name);
    if (!found) throw new Error(`${container.name} refers to ${kind} "${name}", which is not there`);
    const decode = (text: string) => (kind === 'Secret' ? Buffer.from(text, 'base64').toString() : text);
    return Object.fromEntries(Object.entries<string>(found.data).map(([key, text]) => [key, decode(text)]));
  };
  const environment: Record<string, string> = {};
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    Object.assign(environment, configMapRef ? data('ConfigMap', configMapRef.name) : data('Secret', secretRef.name));
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const ref = valueFrom?.configMapKeyRef ?? valueFrom?.secretKeyRef;
    const found = ref ? data(valueFrom.configMapKeyRef ? 'ConfigMap' : 'Secret', ref.name)[ref.key] : value;
    if (typeof found !== 'string') throw new Error(`${container.name} takes ${name} from a key that is not there`);
    environment[name] = found;
  }
  return environment;
}
