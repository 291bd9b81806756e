import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';

const PROGRAM = 'toxiproxy-server';
const READY_MS = 10_000;

/** Spoils one way of bytes: the request's is upstream, the answer's downstream. */
export interface Toxic {
  readonly type: 'latency' | 'bandwidth' | 'reset_peer' | 'limit_data' | 'timeout';
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** A way between two parts. */
export interface Way {
  /** Where callers find it. */
  readonly port: number;
  /** These alone are on it from now on; none, and it is well again. */
  spoil(...toxics: readonly Toxic[]): Promise<void>;
  /** Nobody listens any more, and connections end. */
  close(): Promise<void>;
  open(): Promise<void>;
}

/** A real toxiproxy, driven over its HTTP API. Disposing ends it and all its ways. */
export interface Toxiproxy extends AsyncDisposable {
  openWay(name: string, ports: { readonly listen: number; readonly upstream: number }): Promise<Way>;
}

/** A sentence that says how to get it, or nothing when it is here. */
export async function missingForToxiproxy(): Promise<string | undefined> {
  if (await findProgram()) return undefined;
  return `There is no ${PROGRAM}: go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0, and name its "server" .local/tools/${PROGRAM}`;
}

async function findProgram(): Promise<string | undefined> {
  const folders = [resolve('.local/tools'), ...(process.env['PATH'] ?? '').split(delimiter)];
  for (const path of folders.map((folder) => join(folder, PROGRAM))) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

/** Starts it on a port of 127.0.0.1. Rejects when the program is missing or does not come up. */
export async function startToxiproxy(port: number): Promise<Toxiproxy> {
  const program = await findProgram();
  if (!program) throw new Error(await missingForToxiproxy());
  const child = spawn(program, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const end = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`toxiproxy answered ${answer.status} to ${method} ${path}: ${text}`);
  };
  const until = performance.now() + READY_MS;
  while (!(await call('GET', '/version').then(...isSettled))) {
    if (performance.now() > until || child.exitCode !== null) {
      await end();
      throw new Error(`${program} does not start on port ${port}`);
    }
    await timer(20);
  }
  return {
    async openWay(name, { listen, upstream }) {
      const [here, there] = [`127.0.0.1:${listen}`, `127.0.0.1:${upstream}`];
      await call('POST', '/proxies', { name, listen: here, upstream: there, enabled: true });
      return wayOf({ name, port: listen }, call);
    },
    [Symbol.asyncDispose]: end,
  };
}

const isSettled = [() => true, () => false] as const;

function wayOf(
  { name, port }: { name: string; port: number },
  call: (method: string, path: string, body?: object) => Promise<void>,
): Way {
  let on: string[] = [];
  return {
    port,
    async spoil(...toxics) {
      for (const toxic of on) await call('DELETE', `/proxies/${name}/toxics/${toxic}`);
      on = [];
      for (const [place, toxic] of toxics.entries()) {
        const named = `${toxic.type}-${place}`;
        await call('POST', `/proxies/${name}/toxics`, { name: named, ...toxic });
        on.push(named);
      }
    },
    close: () => call('POST', `/proxies/${name}`, { enabled: false }),
    open: () => call('POST', `/proxies/${name}`, { enabled: true }),
  };
}
