import { XMLParser } from 'fast-xml-parser';

type Node = Record<string, unknown>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
});

/** As the simulators use them; without their rarer forms. */
const BUILT_IN: Record<string, RegExp> = {
  string: /^[^<&]*$/,
  date: /^\d{4}-\d\d-\d\d$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/,
  decimal: /^\d+(\.\d+)?$/,
  unsignedInt: /^\d{1,10}$/,
  unsignedLong: /^\d{1,19}$/,
  positiveInteger: /^[1-9]\d*$/,
  boolean: /^(true|false)$/,
};

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const nodes = (value: unknown): Node[] => [value].flat().filter(isNode);
const local = (name: unknown) => String(name).replace(/^.*:/, '');

/** For tests: what of a SOAP message's body is not as the schemas of a WSDL say; not the order of elements. */
export function schemaFaults(wsdl: string, message: string): string[] {
  const schemas = nodes(parser.parse(wsdl).definitions.types.schema);
  const all = (kind: string) => schemas.flatMap((schema) => nodes(schema[kind]));
  const named = (kind: string, name: unknown) => all(kind).find((node) => node['@name'] === local(name));

  const textFaults = (text: string, { type, at }: { type: unknown; at: string }): string[] => {
    const [restriction] = nodes(named('simpleType', type)?.['restriction']);
    const [pattern] = nodes(restriction?.['pattern']);
    const values = nodes(restriction?.['enumeration']).map((node) => node['@value']);
    const allowed =
      restriction === undefined ? BUILT_IN[local(type)] : new RegExp(`^(${pattern?.['@value'] ?? values.join('|')})$`);
    return allowed?.test(text) ? [] : [`${at}: "${text}" is no ${local(type)}`];
  };

  const elementFaults = (value: unknown, { declared, at }: { declared: Node; at: string }): string[] => {
    const element = isNode(value) ? value : { '#text': String(value) };
    if (element['@nil'] === 'true') return declared['@nillable'] === 'true' ? [] : [`${at} is not nillable`];
    const complex = nodes(declared['complexType'])[0] ?? named('complexType', declared['@type']);
    if (complex === undefined) return textFaults(String(element['#text']), { type: declared['@type'], at });
    const [extension] = nodes(nodes(complex['simpleContent'])[0]?.['extension']);
    return [
      ...attributeFaults(element, { declared: nodes((extension ?? complex)['attribute']), at }),
      ...childFaults(element, { parts: nodes(complex['sequence']), at }),
      ...(extension ? textFaults(String(element['#text']), { type: extension['@base'], at }) : []),
    ];
  };

  const attributeFaults = (element: Node, { declared, at }: { declared: Node[]; at: string }): string[] => {
    const given = Object.keys(element).filter((key) => key.startsWith('@') && !/^@(xmlns|xsi|tns|[mti])$/.test(key));
    const undeclared = given.filter((key) => !declared.some((node) => `@${node['@name']}` === key));
    return [
      ...undeclared.map((key) => `${at}/${key} is not declared`),
      ...declared.flatMap((node) => {
        const value = element[`@${node['@name']}`];
        if (value === undefined) return node['@use'] === 'required' ? [`${at}/@${node['@name']} is missing`] : [];
        return textFaults(String(value), { type: node['@type'], at: `${at}/@${node['@name']}` });
      }),
    ];
  };

  const childFaults = (element: Node, { parts, at }: { parts: Node[]; at: string }): string[] => {
    const declared = parts.flatMap((part) => particles(part, false));
    const given = Object.keys(element).filter((key) => !key.startsWith('@') && key !== '#text');
    return [
      ...given.filter((key) => !declared.some(({ name }) => name === key)).map((key) => `${at}/${key} is not declared`),
      ...declared.flatMap(({ name, node, least, most }) => {
        const children = element[name] === undefined ? [] : [element[name]].flat();
        const wrong =
          children.length < least || children.length > most ? [`${at}/${name} comes ${children.length} times`] : [];
        return [
          ...wrong,
          ...children.flatMap((child) => elementFaults(child, { declared: node, at: `${at}/${name}` })),
        ];
      }),
    ];
  };

  /** The elements of a sequence, those of its choices as optional ones. */
  const particles = (part: Node, optional: boolean): { name: string; node: Node; least: number; most: number }[] => [
    ...nodes(part['element']).map((node) => {
      const most = node['@maxOccurs'] === 'unbounded' ? Number.POSITIVE_INFINITY : Number(node['@maxOccurs'] ?? 1);
      const least = optional ? 0 : Number(node['@minOccurs'] ?? 1);
      return { name: local(node['@ref'] ?? node['@name']), node: named('element', node['@ref']) ?? node, least, most };
    }),
    ...nodes(part['choice']).flatMap((choice) => particles(choice, true)),
    ...nodes(part['sequence']).flatMap((sequence) => particles(sequence, optional)),
  ];

  const body: Node = parser.parse(message).Envelope.Body;
  return Object.entries(body).flatMap(([name, value]) => {
    const declared = named('element', name);
    return declared === undefined ? [`${name} is not declared`] : elementFaults(value, { declared, at: name });
  });
}
