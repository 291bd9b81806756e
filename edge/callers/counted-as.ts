import { MAPPED, parseAddress } from './address.ts';

/** Groups of 16 bits that a network gives to one subscriber (RFC 6177; the rest he chooses himself, RFC 8981). */
const SUBSCRIBER_GROUPS = 4;

/** What a caller's address counts as: one of IPv4 for itself in any spelling, one of IPv6 as all of its /64. */
export function countedAs(address: string): string {
  if (!address.includes(':')) return address;
  const groups = parseAddress(address);
  if (!groups) return address;
  if (MAPPED.every((group, at) => groups[at] === group)) {
    return groups
      .slice(MAPPED.length)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.');
  }
  const network = groups.slice(0, SUBSCRIBER_GROUPS).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}
