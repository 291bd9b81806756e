import { parseAllDocuments } from 'yaml';

// biome-ignore lint/suspicious/noExplicitAny: Kubernetes objects, whose shape the schemas check.
export type Manifest = any;

export const objects = (text: string): Manifest[] => parseAllDocuments(text).map((document) => document.toJS());
/** As JSON, which is YAML of any version: of 1.1, in which kubectl reads, a plain `no` is false. */
export const asText = (all: readonly Manifest[]): string => all.map((each) => JSON.stringify(each)).join('\n---\n');

export const ofKind = (all: readonly Manifest[], ...kinds: string[]) => all.filter((each) => kinds.includes(each.kind));
export const named = (all: readonly Manifest[], kind: string, name: string) =>
  ofKind(all, kind).find((each) => each.metadata.name === name);
/** As findings name it: `Deployment edge`. */
export const titleOf = (each: Manifest): string => `${each.kind} ${each.metadata.name}`;

export const workloads = (all: readonly Manifest[]) => ofKind(all, 'Deployment', 'StatefulSet', 'Job');
export const podOf = (workload: Manifest) => workload.spec.template.spec;
export const labelsOf = (workload: Manifest): Record<string, string> => workload.spec.template.metadata.labels ?? {};
export const containersOf = (workload: Manifest): Manifest[] => [
  ...(podOf(workload).initContainers ?? []),
  ...podOf(workload).containers,
];
export const portsOf = (workload: Manifest): Manifest[] => containersOf(workload).flatMap((each) => each.ports ?? []);

/** Whether a label selector selects these labels. Throws on an operator that no manifest here uses. */
export function selects(selector: Manifest, labels: Record<string, string>): boolean {
  const isEqual = ([key, value]: [string, unknown]) => labels[key] === value;
  const isMet = ({ key, operator, values }: Manifest) => {
    if (operator !== 'In') throw new Error(`Selectors with operator "${operator}" are not understood here`);
    return values.includes(labels[key]);
  };
  return Object.entries(selector.matchLabels ?? {}).every(isEqual) && (selector.matchExpressions ?? []).every(isMet);
}

/** The environment that a container will see. Throws if it refers to what is not there. */
export function environmentOf(container: Manifest, all: readonly Manifest[]): Record<string, string> {
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
