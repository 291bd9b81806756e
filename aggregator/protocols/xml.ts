import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { InsurerReplyError } from './insurer-reply-error.ts';

/** Deeper than any tariff; keeps the walk below within a small stack. */
const MAX_DEPTH = 30;
/** Of one element, its namespaces included. */
const MAX_ATTRIBUTES = 100;
/** In scope at once: a scope is copied where one is declared, which would else be quadratic in the reply's length. */
const MAX_NAMESPACES = 50;

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
interface Names {
  scope: Scope;
  prefixes: Prefixes;
}

/** Namespace to the prefix its names get in the result, whatever prefix the document gave them. */
export type Prefixes = Readonly<Record<string, string>>;

/**
 * XML of one root to plain objects: elements by name, attributes by `@name`, text beside attributes by `#text`. Names of
 * namespaces not in `prefixes` are left out, and so are attributes with a prefix, unless theirs is there and not empty.
 * Entities stay as written; what SOAP 1.1 forbids (section 3: DOCTYPE, processing instructions) is refused.
 */
export function parseXml(text: string, prefixes: Prefixes): Element {
  refuseMarkup(text);
  const wellFormed = XMLValidator.validate(text);
  if (wellFormed !== true) throw malformed(`the XML is not well-formed (line ${wellFormed.err.line ?? 1})`);
  const tree = parseTree(text);
  // Text, CDATA and second roots outside the root pass the validator, and elements of one name become an array.
  const [root = '', ...others] = Object.keys(tree);
  if (others.length > 0 || Array.isArray(tree[root])) throw malformed('the XML has more than one root');
  return rename(tree, { scope: new Map([['', '']]), prefixes });
}

/** By the text alone and so inside CDATA and comments too: what the parser never sees cannot be read in two ways. */
function refuseMarkup(text: string): void {
  if (/<!(?!--|\[CDATA\[)/.test(text)) throw malformed('the XML carries a DOCTYPE or another declaration');
  const [declaration = ''] = /^<\?xml\s[^<>]*\?>/.exec(text) ?? [];
  if (text.includes('<?', declaration.length)) throw malformed('the XML carries a processing instruction');
  const [, encoding = 'utf-8'] = /\sencoding\s*=\s*["']([^"']*)/.exec(declaration) ?? [];
  if (encoding.toLowerCase() !== 'utf-8') throw malformed('the XML declares another encoding than UTF-8');
}

/** The parser's own message is dropped: it quotes the body. */
function parseTree(text: string): Element {
  try {
    return parser.parse(text);
  } catch {
    throw malformed(`the XML is nested deeper than ${MAX_DEPTH} or has unusable names`);
  }
}

/** An element's attributes and children; `scope` has its own declarations already. */
function rename(element: Element, names: Names): Element {
  const renamed: Element = Object.create(null);
  for (const [key, value] of Object.entries(element)) {
    if (key === '#text') {
      renamed[key] = value;
    } else if (key.startsWith('@')) {
      const name = attributeName(key.slice(1), names);
      if (name !== undefined && Object.hasOwn(renamed, name)) throw malformed('the XML repeats an attribute');
      if (name !== undefined) renamed[name] = value;
    } else {
      for (const child of Array.isArray(value) ? value : [value]) {
        const inner = { ...names, scope: declare(child, names.scope) };
        const name = expandedName(key, inner);
        if (name !== undefined) append(renamed, { name, value: content(child, inner) });
      }
    }
  }
  return renamed;
}

/** An element's own declarations hold for its own name as well. */
function declare(child: unknown, scope: Scope): Scope {
  if (!isElement(child)) return scope;
  const attributes = Object.entries(child).filter(([key]) => key.startsWith('@'));
  if (attributes.length > MAX_ATTRIBUTES)
    throw malformed(`the XML has an element of over ${MAX_ATTRIBUTES} attributes`);
  if (attributes.some(([, value]) => String(value).includes('<'))) throw malformed('the XML has "<" in an attribute');
  const declared = attributes.filter(([key]) => key === '@xmlns' || key.startsWith('@xmlns:'));
  if (declared.length === 0) return scope;
  const inner = new Map([...scope, ...declared.map(declaration)]);
  if (inner.size > MAX_NAMESPACES) throw malformed(`the XML has over ${MAX_NAMESPACES} namespaces in scope`);
  return inner;
}

/** Namespaces in XML 1.0, sections 3 and 5: only the default one can be undeclared, `xml` and `xmlns` not at all. */
function declaration([key, uri]: [string, unknown]): [string, string] {
  const prefix = key === '@xmlns' ? '' : key.slice('@xmlns:'.length);
  const isUsable = key === '@xmlns' || (/^(?!xml(ns)?$)[^:]+$/.test(prefix) && uri !== '');
  if (!isUsable) throw malformed('the XML declares a namespace that cannot be declared');
  return [prefix, String(uri)];
}

function attributeName(name: string, names: Names): string | undefined {
  if (!name.includes(':')) return name === 'xmlns' ? undefined : `@${name}`;
  if (name.startsWith('xmlns:') || name.startsWith('xml:')) return undefined;
  const { prefix, local } = expand(name, names);
  return prefix ? `@${prefix}${local}` : undefined;
}

function expandedName(name: string, names: Names): string | undefined {
  const { prefix, local } = expand(name, names);
  return prefix === undefined ? undefined : `${prefix}${local}`;
}

/** A local name with a colon of its own would look like one of another namespace in the result. */
function expand(name: string, { scope, prefixes }: Names): { prefix: string | undefined; local: string } {
  const [, before = '', local] = /^(?:([^:]+):)?([^:]+)$/.exec(name) ?? [];
  if (local === undefined) throw malformed('the XML has a name with idle colons');
  const namespace = scope.get(before);
  if (namespace === undefined) throw malformed('the XML uses a prefix it does not declare');
  return { prefix: Object.hasOwn(prefixes, namespace) ? prefixes[namespace] : undefined, local };
}

/** Text between elements belongs to no field: joined, it would be a value that nobody wrote. */
function content(child: unknown, names: Names): unknown {
  if (!isElement(child)) return child;
  const hasChildren = Object.keys(child).some((key) => key !== '#text' && !key.startsWith('@'));
  if (hasChildren && '#text' in child) throw malformed('the XML has text between elements');
  const renamed = rename(child, names);
  const isText = !hasChildren && Object.keys(renamed).every((key) => key === '#text');
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

const malformed = (detail: string) => new InsurerReplyError('malformed', detail);
