import { execFile } from 'node:child_process';

/** Runs kubectl on the cluster that KUBECONFIG names and resolves with what it prints. Rejects with KubectlError. */
export type Kubectl = (args: readonly string[], options?: { readonly input?: string }) => Promise<string>;

/** What kubectl said when it did not do as asked. */
export class KubectlError extends Error {
  override name = 'KubectlError';
}

const MOST_BYTES = 64 * 1024 * 1024;

/** The program is `KUBECTL`, else the `kubectl` on PATH. */
export const program = (): string => process.env['KUBECTL'] || 'kubectl';

/** Every call ends when the signal aborts. */
export function createKubectl({ signal }: { signal: AbortSignal }): Kubectl {
  return (args, { input = '' } = {}) =>
    new Promise((resolve, reject) => {
      const child = execFile(program(), args, { signal, maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else reject(new KubectlError(sentenceOf(args, stderr || error.message), { cause: error }));
      });
      child.stdin?.end(input);
    });
}

function sentenceOf(args: readonly string[], said: string): string {
  const line = said.split('\n').findLast((each) => each.trim() !== '') ?? 'nothing';
  return `kubectl ${args.slice(0, 4).join(' ')}: ${line.trim()}`;
}

/** What `kubectl get ... -o json` answers. The caller knows the shape of what it asks for. */
export async function getJson<Shape>(kubectl: Kubectl, ...args: string[]): Promise<Shape> {
  return JSON.parse(await kubectl(['get', ...args, '-o', 'json'])) as Shape;
}

/** The items of a list. */
export async function getItems<Shape>(kubectl: Kubectl, ...args: string[]): Promise<Shape[]> {
  const { items } = await getJson<{ items: Shape[] }>(kubectl, ...args);
  return items;
}
