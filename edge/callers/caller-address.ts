import { parseAddress } from './address.ts';
import { isInside, type Network } from './network.ts';

/** How a request came here. */
export interface Arrival {
  /** The address at the other end of the connection; undefined when the runtime cannot say. */
  readonly connection: string | undefined;
  /** `X-Forwarded-For`, several of them joined by commas as HTTP does. */
  readonly forwardedFor: string | undefined;
}

/**
 * The address of the caller: of the connection, unless that is a trusted proxy's. Each proxy adds on the right whom it was
 * called by, so the list is read from there, each entry on the word of the trusted proxy behind it, up to the first that is
 * not one of them (RFC 7239, section 8.1: what stands further left anybody may have written). An entry that is no address
 * ends it at the proxy that wrote it: nonsense cannot make new callers.
 */
export function callerAddress(proxies: readonly Network[], { connection, forwardedFor }: Arrival): string {
  let caller = connection ?? 'unknown';
  if (proxies.length === 0 || forwardedFor === undefined) return caller;
  const isTrusted = (text: string) => {
    const address = parseAddress(text);
    return address !== undefined && proxies.some((proxy) => isInside(address, proxy));
  };
  if (!isTrusted(caller)) return caller;
  // RFC 9110, section 5.6.1.2: empty elements of a list mean nothing.
  const hops = forwardedFor.split(',').filter((entry) => entry.trim() !== '');
  do {
    const hop = withoutPort(hops.pop() ?? '');
    if (!parseAddress(hop)) break;
    caller = hop;
  } while (isTrusted(caller));
  return caller;
}

/** Some proxies write the port too; an IPv6 address is then in brackets, and may be without. */
function withoutPort(entry: string): string {
  const [, ipv6, ipv4] = /^(?:\[([^[\]]*:[^[\]]*)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/.exec(entry.trim()) ?? [];
  return ipv6 ?? ipv4 ?? entry.trim();
}
