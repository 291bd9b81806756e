import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { InsurerReplyError } from './insurer-reply-error.ts';

/** Deeper than any tariff; keeps the walk below within a small stack. */
const MAX_DEPTH = 30;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Values stay text: a number made here would be a float, and a leading zero lost.
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
  jPath: false,
});

type Element = Record<string, unknown>;
type Scope = ReadonlyMap<string, string>;

/** Namespace to the prefix its names get in the result, whatever prefix the document gave them. */
export type Prefixes = Readonly<Record<string, string>>;

/**
 * XML to plain objects: elements by name, attributes by `@name`, text beside attributes by `#text`. Names of namespaces
 * not in `prefixes` are left out. Entities stay as written; a DOCTYPE is refused, since that is where their bombs live.
 */
export function parseXml(text: string, prefixes: Prefixes): Element {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new InsurerReplyError('malformed', 'the XML carries a DOCTYPE');
  const wellFormed = XMLValidator.validate(text);
  if (wellFormed !== true) {
    throw new InsurerReplyError('malformed', `the XML is not well-formed (line ${wellFormed.err.line ?? 1})`);
  }
  return rename(parseTree(text), { scope: new Map([['', '']]), prefixes });
}

/** The parser's own message is dropped: it quotes the body. */
function parseTree(text: string): Element {
  try {
    return parser.parse(text);
  } catch {
    throw new InsurerReplyError('malformed', `the XML is nested deeper than ${MAX_DEPTH} or has unusable names`);
  }
}

function rename(element: Element, { scope, prefixes }: { scope: Scope; prefixes: Prefixes }): Element {
  const renamed: Element = Object.create(null);
  for (const [key, value] of Object.entries(element)) {
    if (key.startsWith('@')) {
      if (key !== '@xmlns' && !key.includes(':')) renamed[key] = value;
    } else if (key === '#text') {
      renamed[key] = value;
    } else {
      for (const child of Array.isArray(value) ? value : [value]) {
        const inner = declare(child, scope);
        const name = expandedName(key, { scope: inner, prefixes });
        if (name !== undefined) append(renamed, { name, value: content(child, { scope: inner, prefixes }) });
      }
    }
  }
  return renamed;
}

/** An element's own declarations hold for its own name as well. */
function declare(child: unknown, scope: Scope): Scope {
  if (!isElement(child)) return scope;
  const declared = Object.entries(child).filter(([key]) => key === '@xmlns' || key.startsWith('@xmlns:'));
  if (declared.length === 0) return scope;
  return new Map([
    ...scope,
    ...declared.map(([key, uri]): [string, string] => [key.slice('@xmlns:'.length), String(uri)]),
  ]);
}

function expandedName(key: string, { scope, prefixes }: { scope: Scope; prefixes: Prefixes }): string | undefined {
  const colon = key.indexOf(':');
  const namespace = scope.get(colon < 0 ? '' : key.slice(0, colon));
  if (namespace === undefined) throw new InsurerReplyError('malformed', 'the XML uses a prefix it does not declare');
  return Object.hasOwn(prefixes, namespace) ? `${prefixes[namespace]}${key.slice(colon + 1)}` : undefined;
}

function content(child: unknown, context: { scope: Scope; prefixes: Prefixes }): unknown {
  if (!isElement(child)) return child;
  const renamed = rename(child, context);
  const isText = Object.keys(child).every(
    (key) => key === '#text' || (!Object.hasOwn(renamed, key) && key.startsWith('@')),
  );
  return isText ? (child['#text'] ?? '') : renamed;
}

function append(element: Element, { name, value }: { name: string; value: unknown }): void {
  const present = element[name];
  if (present === undefined) element[name] = value;
  else if (Array.isArray(present)) present.push(value);
  else element[name] = [present, value];
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null;
}
