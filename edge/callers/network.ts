import { type Address, MAPPED, parseAddress } from './address.ts';

/** The addresses that begin with so many bits of this one. */
export interface Network {
  readonly address: Address;
  /** 0 ... 128; a prefix of IPv4 counts from behind the 96 bits that map it. */
  readonly bits: number;
}

/** Reads `10.0.0.0/8`, `2001:db8::/32` or one address; undefined when it is none, and when a bit behind the prefix is set. */
export function parseNetwork(text: string): Network | undefined {
  const [, written = '', prefix] = /^([0-9a-f:.]+)(?:\/(0|[1-9]\d{0,2}))?$/i.exec(text) ?? [];
  const address = parseAddress(written);
  if (!address) return undefined;
  const offset = written.includes(':') ? 0 : MAPPED.length * 16;
  const bits = prefix === undefined ? 128 : offset + Number(prefix);
  const isWhole = bits <= 128 && address.every((group, at) => (group & ~maskOf(bits, at)) === 0);
  return isWhole ? { address, bits } : undefined;
}

/** Whether the address is one of the network's. */
export function isInside(address: Address, network: Network): boolean {
  return network.address.every((group, at) => (((address[at] ?? 0) ^ group) & maskOf(network.bits, at)) === 0);
}

/** The bits of the group at this place that belong to the prefix. */
function maskOf(bits: number, at: number): number {
  const own = Math.min(16, Math.max(0, bits - at * 16));
  return (0xffff << (16 - own)) & 0xffff;
}
