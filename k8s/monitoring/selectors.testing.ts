/** A metric as a query asks for it. */
export interface Selector {
  readonly metric: string;
  /** Labels that it is asked by. */
  readonly labels: readonly string[];
  /** Whose it must be, if the query says so. */
  readonly service?: string;
}

/** Words of PromQL that stand where a metric could. */
const KEYWORDS = new Set([
  'and',
  'or',
  'unless',
  'bool',
  'offset',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
]);
const CLAUSE = /\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g;
/** A name, and what stands in braces behind it; `(` behind it makes it a function. */
const NAME = /(?<![\w.:"])([a-zA-Z_:][\w:]*)\s*(\{(?:[^}"]|"(?:\\.|[^"\\])*")*\})?(\s*\()?/g;
const MATCHER = /(\w+)\s*(=~|!~|!=|=)\s*"((?:\\.|[^"\\])*)"/g;

/** All metrics of a query, and by which labels they are asked for. */
export function selectorsOf(expr: string): Selector[] {
  const bare = expr
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\boffset\s+\w+/g, '')
    .replace(/\$__range_s/g, '1')
    .replace(CLAUSE, ' ');
  return [...bare.matchAll(NAME)]
    .filter(([, name = '', , call]) => !call && !KEYWORDS.has(name))
    .map(([, metric = '', braces = '']) => {
      const matchers = [...braces.matchAll(MATCHER)];
      const service = matchers.find(([, label, how]) => label === 'service' && how === '=')?.[3];
      return { metric, labels: matchers.map(([, label = '']) => label), ...(service && { service }) };
    });
}

/** What services tell at `/metrics`: every name, and the labels that its samples bear, if there are any. */
export type Exposed = ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;

/** Reads scrapes, which may be of several services. */
export function readExposed(scrapes: readonly string[]): Exposed {
  const exposed = new Map<string, Record<string, string>[]>();
  for (const line of scrapes.join('\n').split('\n')) {
    const [, typed, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    const names = type === 'histogram' ? [`${typed}_bucket`, `${typed}_sum`, `${typed}_count`] : typed ? [typed] : [];
    for (const name of names) exposed.set(name, exposed.get(name) ?? []);
    const [, metric, text] = /^([a-zA-Z_:][\w:]*)\{(.*)\} /.exec(line) ?? [];
    if (!metric || text === undefined) continue;
    const labels = [...text.matchAll(MATCHER)].map(([, label, , value]) => [label, value]);
    exposed.get(metric)?.push(Object.fromEntries(labels));
  }
  return exposed;
}

/** A sentence if nobody tells such a metric with these labels. A metric that has no sample now is known by its name alone. */
export function missingOf({ metric, labels, service }: Selector, exposed: Exposed): string | undefined {
  const samples = exposed.get(metric);
  if (!samples) return `no service tells "${metric}"`;
  const own = samples.filter((sample) => !service || sample['service'] === service);
  if (samples.length === 0 || own.some((sample) => labels.every((label) => label in sample))) return undefined;
  return `"${metric}"${service ? ` of ${service}` : ''} has no series with ${labels.join(', ')}`;
}
