/** Something that belongs to one region: what it is told, as strings in whatever structure. */
export interface Belonging {
  readonly region: string;
  /** As a finding calls it. */
  readonly what: string;
  readonly told: unknown;
}

/** What another region could be reached by. */
export interface Addresses {
  readonly name: string;
  /** Hosts, IP addresses or `host:port`. */
  readonly addresses: readonly string[];
}

/** The one place for it: the public address that a 421 answers, which nobody in the region asks. */
const PUBLIC_HOME = 'HOME_URLS';

/** A sentence for each string of a region's own that names another region, or where it is; none may. */
export function findOtherRegions(belongings: readonly Belonging[], regions: readonly Addresses[]): string[] {
  return belongings.flatMap(({ region, what, told }) => {
    const others = regions.filter(({ name }) => name !== region);
    return [...leavesOf(told)].flatMap(({ path, text }) =>
      others.flatMap((other) =>
        tracesOf(other, text).map((trace) => `${what} of ${region} names ${trace} of ${other.name} in ${path}`),
      ),
    );
  });
}

function tracesOf({ name, addresses }: Addresses, text: string): string[] {
  const isWord = (word: string) =>
    new RegExp(`(?<![a-z0-9])${word.replaceAll('.', '\\.')}(?![a-z0-9])`, 'i').test(text);
  return [...(isWord(name) ? ['the name'] : []), ...addresses.filter(isWord)];
}

function* leavesOf(told: unknown, path = ''): Generator<{ path: string; text: string }> {
  if (typeof told === 'string' || typeof told === 'number') {
    if (!isPublicHome(path, String(told))) yield { path: path || 'its text', text: String(told) };
    return;
  }
  if (typeof told !== 'object' || told === null) return;
  for (const [key, value] of Object.entries(told)) {
    // A name can be a key too: a label, a variable.
    if (!Array.isArray(told)) yield { path: `${path}.${key}`, text: key };
    yield* leavesOf(value, `${path}.${key}`);
  }
}

const isPublicHome = (path: string, text: string) =>
  path.endsWith(`.${PUBLIC_HOME}`) || text.startsWith(`${PUBLIC_HOME}=`);
