/** What GraphQL and SOAP themselves name: an insurer that renames its fields still speaks them. */
const GRAPHQL = new Set(['data', 'errors']);
const SOAP = new Set(['Envelope', 'Header', 'Body', 'Fault', 'faultcode', 'faultstring', 'faultactor', 'detail']);

/** The start of a tag: its slash if it closes, its prefix if it has one, its name. */
const TAG = /<(\/?)([^\s<>/:!?]+:)?([^\s<>/:!?]+)/g;

/** A reply, JSON or XML, as well-formed as before, with each of the insurer's own fields under another name. */
export function renameFields(reply: string): string {
  if (reply.trimStart().startsWith('<')) {
    return reply.replace(
      TAG,
      (_, slash: string, prefix: string | undefined, name: string) =>
        `<${slash}${prefix ?? ''}${SOAP.has(name) ? name : newName(name)}`,
    );
  }
  const document: unknown = JSON.parse(reply);
  return JSON.stringify(renamed(document, GRAPHQL));
}

const newName = (name: string) => `${name}V2`;

function renamed(value: unknown, kept: ReadonlySet<string> = new Set()): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [kept.has(name) ? name : newName(name), renamed(inner)]),
  );
}
