import { containersOf, environmentOf, type Manifest, titleOf, workloads } from '../manifest.ts';

type Parse = (env: Record<string, string | undefined>) => unknown;

/** The entries of the image, each with what reads its environment. */
export type Readers = Readonly<Record<string, Parse>>;

/** Variables that a container is given and its entry does not read, and entries that refuse what they are given. */
export function environment(all: readonly Manifest[], readers: Readers): string[] {
  return workloads(all).flatMap((workload) =>
    containersOf(workload)
      .filter((container) => container.command?.[0] === 'node')
      .flatMap((container) => ofContainer(container, { all, readers }).map((fault) => `${titleOf(workload)} ${fault}`)),
  );
}

function ofContainer(container: Manifest, { all, readers }: { all: readonly Manifest[]; readers: Readers }): string[] {
  const entry = container.command.at(-1);
  const parse = readers[entry];
  if (!parse) return [`runs ${entry}, whose environment nobody knows`];
  try {
    const given = environmentOf(container, all);
    const read = namesRead(parse);
    const unread = Object.keys(given).filter((name) => !read.has(name));
    parse(given);
    return unread.map((name) => `is given ${name}, which ${entry} does not read`);
  } catch (error) {
    return [`is refused its environment: ${(error as Error).message}`];
  }
}

/** The names of all variables that a parser looks up, whatever it makes of them. */
function namesRead(parse: Parse): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (_: object, name: string | symbol) => {
    names.add(String(name));
    return undefined;
  };
  try {
    parse(new Proxy({}, { get: look }));
  } catch {
    // Nothing is set: of course it is refused.
  }
  return names;
}
