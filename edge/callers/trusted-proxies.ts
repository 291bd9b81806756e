import * as z from 'zod/mini';
import { MAPPED } from './address.ts';
import { isInside, type Network, parseNetwork } from './network.ts';

const ALLOWED =
  'must be networks or addresses separated by commas, such as 10.0.0.0/8,2001:db8::/32, no bit set behind a prefix and ' +
  'none that holds all of IPv4';

/** Those whose `X-Forwarded-For` is believed, as a variable names them. */
export const TrustedProxies = z.pipe(
  z.string().check(z.refine((list) => networksOf(list) !== undefined, ALLOWED)),
  z.transform((list: string) => networksOf(list) ?? []),
);

function networksOf(list: string): readonly Network[] | undefined {
  const texts = list.split(',');
  const networks = texts.map((text) => parseNetwork(text.trim())).filter((network) => network !== undefined);
  return networks.length < texts.length || networks.some(isEverybody) ? undefined : networks;
}

/** Trusted, such a network would let any caller say who it is. */
function isEverybody(network: Network): boolean {
  return network.bits <= MAPPED.length * 16 && isInside([...MAPPED, 0, 0], network);
}
