import { Resolver } from 'node:dns/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Gslb } from '../../../k8s/gslb/read-regions.ts';
import { freePort } from '../../../local/free-port.ts';
import { type Daemon, startDaemon } from './start-daemon.ts';

/** A resolver that caches, as clients have one; it asks the regions' name server alone. */
export interface Unbound extends Daemon {
  /** The addresses of the regions' name, in the order in which a client tries them. */
  resolve(): Promise<readonly string[]>;
}

/** A stub resolver asks once more when nothing comes, as that of glibc does after 5 s. */
const PATIENCE = { timeout: 1_000, tries: 3 } as const;

const configOf = ({ zone, nameServers }: Gslb, { dir, port }: { dir: string; port: number }) => `server:
  interface: 127.0.0.1
  port: ${port}
  directory: "${dir}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  do-ip6: no
  num-threads: 1
  module-config: "iterator"
  do-not-query-localhost: no
  # Names of tests are answered with "there is none" otherwise.
  local-zone: "${zone}." transparent
  rrset-roundrobin: yes
remote-control:
  control-enable: no
stub-zone:
  name: "${zone}"
${nameServers.map((server) => `  stub-addr: ${server.address}@${server.port}`).join('\n')}
`;

export async function startUnbound(gslb: Gslb, dir: string): Promise<Unbound> {
  const port = await freePort();
  const folder = join(dir, 'unbound');
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'unbound.conf');
  await writeFile(file, configOf(gslb, { dir: folder, port }));
  const resolve = () => {
    // One of its own for each: Node's may remember answers.
    const resolver = new Resolver(PATIENCE);
    resolver.setServers([`127.0.0.1:${port}`]);
    return resolver.resolve4(`${gslb.host}.${gslb.zone}`);
  };
  const isReady = () =>
    resolve().then(
      () => true,
      () => false,
    );
  const daemon = await startDaemon({ command: 'unbound', args: ['-d', '-p', '-c', file], isReady });
  return { ...daemon, resolve };
}
