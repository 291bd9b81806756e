import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { NAMESPACE } from './cluster.ts';
import { program } from './kubectl.ts';

export interface Forwarded extends AsyncDisposable {
  /** On this machine. */
  readonly url: string;
}

/** Reaches a Service of the region that is not open to the outside, as an operator does. Disposing ends it. */
export async function forwardTo(service: string, port = 8080): Promise<Forwarded> {
  const args = ['-n', NAMESPACE, 'port-forward', '--address', '127.0.0.1', `service/${service}`, `:${port}`];
  const child = spawn(program(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const said: string[] = [];
  createInterface(child.stderr).on('line', (line) => said.push(line));
  const refused = exited.then((): never => {
    throw new Error(`kubectl port-forward to ${service} ended: ${said.at(-1) ?? 'it says nothing'}`);
  });
  refused.catch(() => undefined);
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), refused])) as [string];
  lines.on('line', () => undefined);
  const found = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
  return {
    url: `http://127.0.0.1:${found}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}
