import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isAlive } from '../../../local/start.testing.ts';

const run = promisify(execFile);
const env = () => ({ ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` });
const ip = (...args: string[]) => run('ip', args, { env: env() });

/** A network of its own, with its own loopback: nothing of the machine is reached from it, nor it from there. */
export interface Namespace {
  readonly name: string;
  /** As the kernel knows it. */
  readonly namespace: string;
  /** Under which the world reaches it. */
  readonly address: string;
  /** The command that runs `command` inside. */
  inside(command: readonly string[]): readonly [string, ...string[]];
  /** Runs a command inside and answers what it prints. Rejects with what it says when it fails. */
  run(command: readonly string[], dir?: string): Promise<string>;
}

/** A world, and regions that each have a line to it and to nothing else. Disposing takes all of it away. */
export interface Networks extends AsyncDisposable {
  readonly world: Namespace;
  readonly regions: readonly Namespace[];
}

/** Why none can be made here, or nothing. */
export async function missingForNamespaces(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'namespaces of the network are a thing of Linux';
  if (process.getuid?.() !== 0) return 'only root makes namespaces of the network';
  const name = `${PREFIX}${process.pid}-try`;
  return ip('netns', 'add', name).then(
    () => ip('netns', 'delete', name).then(() => undefined),
    (error: Error) => `this machine makes no namespaces of the network: ${error.message.trim()}`,
  );
}

const PREFIX = 'insuretech-';

/** Takes away what a drill that was killed has left. */
async function sweep(): Promise<void> {
  const { stdout } = await ip('netns', 'list');
  for (const [name, pid] of stdout.matchAll(new RegExp(`^${PREFIX}(\\d+)-\\w+`, 'gm')))
    if (!(await isAlive(Number(pid)))) await ip('netns', 'delete', name);
}

/** Makes the networks of these regions. Each region has one route, to its own end of its own line; nobody forwards. */
export async function openNetworks(names: readonly string[]): Promise<Networks> {
  await sweep();
  await using stack = new AsyncDisposableStack();
  const open = async (name: string, address: string) => {
    const namespace = `${PREFIX}${process.pid}-${name}`;
    await ip('netns', 'add', namespace);
    // Its processes are gone by then, and its lines go with it.
    stack.defer(() => ip('netns', 'delete', namespace).then(() => undefined));
    await ip('-n', namespace, 'link', 'set', 'lo', 'up');
    return namespaceOf(namespace, { name, address });
  };
  const world = await open('world', '127.0.0.1');
  await world.run(['sh', '-c', 'echo 0 > /proc/sys/net/ipv4/ip_forward']);
  const regions: Namespace[] = [];
  for (const [place, name] of names.entries()) {
    const net = `10.0.${place + 1}`;
    const region = await open(name, `${net}.2`);
    await connect({ region: region.namespace, world: world.namespace, net, line: `line${place}` });
    regions.push(region);
  }
  const owned = stack.move();
  return { world, regions, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

interface Line {
  readonly region: string;
  readonly world: string;
  readonly net: string;
  readonly line: string;
}

async function connect({ region, world, net, line }: Line): Promise<void> {
  await ip('link', 'add', line, 'netns', world, 'type', 'veth', 'peer', 'name', 'world', 'netns', region);
  for (const [namespace, device, host] of [
    [world, line, 1],
    [region, 'world', 2],
  ] as const) {
    await ip('-n', namespace, 'address', 'add', `${net}.${host}/30`, 'dev', device);
    await ip('-n', namespace, 'link', 'set', device, 'up');
  }
}

function namespaceOf(namespace: string, { name, address }: Pick<Namespace, 'name' | 'address'>): Namespace {
  const inside = (command: readonly string[]) => ['ip', 'netns', 'exec', namespace, ...command] as const;
  return {
    name,
    namespace,
    address,
    inside,
    async run(command, cwd) {
      const [program, ...args] = inside(command);
      const { stdout } = await run(program, args, { env: env(), cwd, maxBuffer: 16 * 1024 * 1024 }).catch(
        (error: Error & { stdout: string; stderr: string }) => {
          throw new Error(`"${command.join(' ')}" failed in ${name}: ${`${error.stdout}${error.stderr}`.trim()}`);
        },
      );
      return stdout;
    },
  };
}
