import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import type { Service } from '#platform/lifecycle/service.ts';

const run = promisify(execFile);

/** A Redis of our own, on a socket that this user alone can open. */
export interface RedisServer extends Service {
  readonly pid: number;
  readonly socket: string;
  readonly password: string;
}

/** The version of the redis-server on the PATH; undefined when there is none. */
export async function findRedisServer(): Promise<string | undefined> {
  const said = await run('redis-server', ['--version']).catch(() => undefined);
  return /v=(\S+)/.exec(said?.stdout ?? '')?.[1];
}

/**
 * Redis becomes the process that is started; beside it waits a shell for the other end of a pipe. The pipe closes without
 * a word when our process dies, however it dies, and takes Redis along: by -9, for it has nothing to keep and may be busy.
 */
const WATCHED = '(read -r stopped <&3 || kill -9 $$; rm -rf -- "$1") & exec redis-server - 3<&-';

/** Its configuration goes in by standard input: arguments and files would show the password. */
const configuration = (folder: string, socket: string, password: string) => `
port 0
unixsocket "${socket}"
unixsocketperm 700
requirepass ${password}
dir "${folder}"
save ""
appendonly no
# Upstash evicts keys with a time to live before others.
maxmemory 64mb
maxmemory-policy volatile-random
`;

/** Starts the redis-server on the PATH. Rejects with its last words when it does not come up. */
export async function startRedisServer(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'insuretech-redis-'));
  const socket = join(folder, 'redis.sock');
  const password = randomBytes(32).toString('base64url');
  // A group of its own: Ctrl-C is for the stand-in, which stops it last.
  const child = spawn('sh', ['-c', WATCHED, 'sh', folder], { detached: true, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  const [stdin, watcher] = [child.stdio[0], child.stdio[3]] as [Writable, Writable];
  // A Redis that ends at once does not read: its end says why.
  for (const pipe of [stdin, watcher]) pipe.on('error', () => undefined);
  const ended = once(child, 'exit').then(([code, signal]) => String(signal ?? `code ${code}`));
  stdin.end(configuration(folder, socket, password));
  const lastWords = listen(child);
  await Promise.race([lastWords.ready, ended]);
  const fault = (how: string) => new Error(`redis-server ended by itself (${how}); it last said: ${lastWords.said()}`);
  let stopping = false;
  const done = ended.then(async (how) => {
    watcher.end('stopped\n');
    await rm(folder, { recursive: true, force: true });
    if (!stopping) throw fault(how);
  });
  if (child.exitCode !== null || child.signalCode !== null) await done;
  done.catch(() => undefined);
  return {
    pid: child.pid as number,
    socket,
    password,
    done,
    async [Symbol.asyncDispose]() {
      stopping = true;
      child.kill('SIGKILL');
      await done.catch(() => undefined);
    },
  };
}

/** Reads all that it says, and keeps the end of it. */
function listen(child: ChildProcess) {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-4_000);
      // Its words since version 2, of a port or a socket.
      if (/ready to accept connections/i.test(said)) resolve();
    });
  }
  return { ready, said: () => said.trim().split('\n').at(-1)?.trim() || 'nothing' };
}
