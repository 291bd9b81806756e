import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { freePort } from '../local/free-port.ts';

/** A Kubernetes API server with nothing behind it: it judges what it is sent, and runs none of it. */
export interface ApiServer extends AsyncDisposable {
  /** What kubectl said on both of its outputs; rejects with the same when it failed. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
}

interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  readonly kubectl: string;
}

const READY_MS = 60_000;

/** Starts etcd and kube-apiserver on free ports of the loopback, in a temporary folder. */
export async function startApiServer(programs: Programs): Promise<ApiServer> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'apiserver-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const port = await freePort([0, 1, 2]);
  const start = async (name: string, program: string, flags: Record<string, string>) => {
    const log = await open(join(folder, `${name}.log`), 'w');
    const args = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
    const child = spawn(program, args, { stdio: ['ignore', log.fd, log.fd] });
    await log.close();
    stack.defer(() => stop(child));
  };
  await start('etcd', programs.etcd, etcdFlags(folder, port + 1));
  const { token, flags } = await serverFlags(folder, port);
  await start('kube-apiserver', programs.apiServer, flags);
  const kubectl = kubectlOver(programs.kubectl, { folder, port, token });
  await ready(kubectl, folder);
  const owned = stack.move();
  return { kubectl, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function etcdFlags(folder: string, port: number): Record<string, string> {
  const [clients, peers] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${port + 1}`];
  return {
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': clients,
    'advertise-client-urls': clients,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `default=${peers}`,
    'unsafe-no-fsync': 'true',
    'log-level': 'warn',
  };
}

async function serverFlags(folder: string, port: number) {
  const token = randomBytes(32).toString('base64url');
  const [tokens, key] = [join(folder, 'tokens.csv'), join(folder, 'service-accounts.key')];
  await writeFile(tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const flags = {
    'etcd-servers': `http://127.0.0.1:${port + 1}`,
    'bind-address': '127.0.0.1',
    'secure-port': String(port),
    'cert-dir': folder,
    'advertise-address': '127.0.0.1',
    // It would enter its address among a Service's, where none of the loopback may stand.
    'endpoint-reconciler-type': 'none',
    'service-cluster-ip-range': '10.96.0.0/16',
    'authorization-mode': 'RBAC',
    'token-auth-file': tokens,
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-signing-key-file': key,
    'service-account-key-file': key,
  };
  return { token, flags };
}

function kubectlOver(program: string, server: { folder: string; port: number; token: string }): ApiServer['kubectl'] {
  const { folder, port, token } = server;
  const access = [`--server=https://127.0.0.1:${port}`, `--token=${token}`, '--insecure-skip-tls-verify'];
  const env = { HOME: folder, PATH: '' };
  return (args, input = '') =>
    new Promise((resolve, reject) => {
      const child = execFile(program, [...access, ...args], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        if (error) reject(new Error(stdout + stderr));
        else resolve(stdout + stderr);
      });
      child.stdin?.end(input);
    });
}

async function ready(kubectl: ApiServer['kubectl'], folder: string): Promise<void> {
  const until = performance.now() + READY_MS;
  while (performance.now() < until) {
    const isReady = await kubectl(['get', '--raw', '/readyz']).then(
      () => true,
      () => false,
    );
    if (isReady) return;
    await timer(200);
  }
  const log = await readFile(join(folder, 'kube-apiserver.log'), 'utf8');
  throw new Error(`kube-apiserver was not ready within ${READY_MS / 1000} s: ${log.split('\n').slice(-5).join('\n')}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL'); // nothing in it is to be kept
  await exited;
}
