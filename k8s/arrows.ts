import { BlockList } from 'node:net';
import { type Manifest, selects } from './manifest.ts';

/** Where a connection begins or ends: a pod by its labels, or an address outside of the cluster. */
export interface End {
  readonly name: string;
  /** Of the cluster's namespaces; absent for an address outside. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly address: string;
  /** It may listen on; that it does is not said. */
  readonly ports: readonly string[];
}

type Direction = 'Ingress' | 'Egress';

/** What NetworkPolicies leave open, as sorted lines `from -> to:port`, an enforcing network given; a pod always reaches itself. */
export function arrows(policies: readonly Manifest[], ends: readonly End[]): string[] {
  const isOpen = (from: End, to: End, port: string) =>
    allows(policies, { direction: 'Egress', pod: from, peer: to, port }) &&
    allows(policies, { direction: 'Ingress', pod: to, peer: from, port });
  return ends
    .flatMap((from) =>
      ends
        .filter((to) => to !== from)
        .flatMap((to) =>
          to.ports.filter((port) => isOpen(from, to, port)).map((port) => `${from.name} -> ${to.name}:${port}`),
        ),
    )
    .sort();
}

interface Asked {
  readonly direction: Direction;
  readonly pod: End;
  readonly peer: End;
  readonly port: string;
}

/** No policy of this direction: all is allowed. Else what any rule of any of them allows. */
function allows(policies: readonly Manifest[], { direction, pod, peer, port }: Asked): boolean {
  const mine = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      spec.policyTypes.includes(direction) &&
      selects(spec.podSelector, pod.labels ?? {}),
  );
  if (mine.length === 0) return true;
  const [rules, peers] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
  return mine.some(({ metadata, spec }) =>
    (spec[rules as string] ?? []).some(
      (rule: Manifest) =>
        (rule.ports?.some((each: Manifest) => portOf(each) === port) ?? true) &&
        (rule[peers as string]?.some((each: Manifest) => isPeer(each, peer, metadata.namespace)) ?? true),
    ),
  );
}

const portOf = ({ protocol, port }: Manifest): string => (protocol === 'TCP' ? `${port}` : `${port}/${protocol}`);

function isPeer({ ipBlock, namespaceSelector, podSelector }: Manifest, peer: End, own: string): boolean {
  if (ipBlock) return contains([ipBlock.cidr], peer.address) && !contains(ipBlock.except ?? [], peer.address);
  if (peer.namespace === undefined) return false;
  const isThere = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': peer.namespace })
    : peer.namespace === own;
  return isThere && selects(podSelector ?? {}, peer.labels ?? {});
}

function contains(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    list.addSubnet(base, Number(bits));
  }
  return list.check(address);
}
