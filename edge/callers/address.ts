/**
 * An IP address as eight groups of 16 bits. One of IPv4 is its mapped form, ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2):
 * a socket of both families writes it so, and it is one caller in either spelling.
 */
export type Address = readonly number[];

const GROUPS = 8;
/** What stands before the 32 bits of an IPv4 address. */
export const MAPPED: Address = [0, 0, 0, 0, 0, 0xffff];

/** Reads an address as `inet_pton` does, with or without a zone; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const groups = parseIpv4(text);
    return groups && [...MAPPED, ...groups];
  }
  const [plain = ''] = /^[^%]+(?=%[\w.~-]+$)/.exec(text) ?? [text];
  return parseIpv6(plain);
}

/** No leading zeros: some read them as octal. */
const OCTETS = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

function parseIpv4(text: string): [number, number] | undefined {
  const [a = 256, b = 256, c = 256, d = 256] = (OCTETS.exec(text) ?? []).slice(1).map(Number);
  return Math.max(a, b, c, d) > 255 ? undefined : [a * 256 + b, c * 256 + d];
}

function parseIpv6(text: string): Address | undefined {
  const [before, after, ...more] = withoutDots(text).split('::').map(groupsOf);
  if (!before || more.length > 0) return undefined;
  if (!text.includes('::')) return before.length === GROUPS ? before : undefined;
  const missing = GROUPS - before.length - (after?.length ?? GROUPS);
  return after && missing > 0 ? [...before, ...Array<number>(missing).fill(0), ...after] : undefined;
}

/** The last 32 bits may be written as IPv4 is. */
function withoutDots(text: string): string {
  const at = text.lastIndexOf(':') + 1;
  const groups = parseIpv4(text.slice(at));
  return groups ? text.slice(0, at) + groups.map((group) => group.toString(16)).join(':') : text;
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':');
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? groups.map((group) => parseInt(group, 16))
    : undefined;
}
