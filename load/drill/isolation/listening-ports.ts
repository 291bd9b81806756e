import type { Namespace } from './namespaces.ts';

/** TCP_LISTEN in the kernel's tables. */
const LISTENS = '0A';

/** The TCP ports that somebody listens on inside, whatever the address. */
export async function listeningPorts(inside: Namespace): Promise<number[]> {
  const tables = await inside.run(['cat', '/proc/net/tcp', '/proc/net/tcp6']);
  return portsOf(tables);
}

/** The listening ports of /proc/net/tcp, each once, in order. */
export function portsOf(tables: string): number[] {
  const ports = tables.split('\n').flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const port = /^[0-9A-F]+:([0-9A-F]{4})$/.exec(local)?.[1];
    return state === LISTENS && port ? [Number.parseInt(port, 16)] : [];
  });
  return [...new Set(ports)].sort((a, b) => a - b);
}
