import { ConfigError } from '#platform/config/parse-env.ts';
import { PROBING, TTL } from './probing/probing.ts';
import type { Gslb } from './read-regions.ts';

/** Which name server it is, and where gdnsd keeps what, if not where it does by itself. */
export interface Place {
  /** One of the list. */
  readonly nameServer: string;
  readonly runDir?: string;
  readonly stateDir?: string;
}

/** What a region's address is probed as: `203.0.113.10/gslb` in `gdnsdctl states` and in admin_state. */
export const SERVICE = 'gslb';

/** gdnsd's files, by their place in its folder: the configuration, and the zone. Throws ConfigError for a stranger. */
export function writeConfig(gslb: Gslb, place: Place): Readonly<Record<string, string>> {
  return { config: configOf(gslb, place), [`zones/${gslb.zone}`]: zoneOf(gslb) };
}

const HEAD = 'Written from a list of regions (k8s/gslb/README.md): change that, and write it again.';

function configOf({ zone, host, nameServers, port, regions }: Gslb, place: Place): string {
  const own = nameServers.find(({ name }) => name === place.nameServer);
  if (!own) {
    const names = nameServers.map(({ name }) => name).join(', ');
    throw new ConfigError(`--name-server is "${place.nameServer}" but must be one of the list: ${names}.`);
  }
  const options = [
    `listen => ${own.address}:${own.port}`,
    `min_ttl => ${TTL.least}`,
    ...(place.runDir ? [`run_dir => "${place.runDir}"`] : []),
    ...(place.stateDir ? [`state_dir => "${place.stateDir}"`] : []),
  ];
  const service = [
    'plugin => http_status',
    `port => ${port}`,
    `url_path => ${PROBING.path}`,
    `vhost => ${host}.${zone}`,
    'ok_codes => [ 200 ]',
    `interval => ${PROBING.intervalSeconds}`,
    `timeout => ${PROBING.timeoutSeconds}`,
    `up_thresh => ${PROBING.up}`,
    `ok_thresh => ${PROBING.ok}`,
    `down_thresh => ${PROBING.down}`,
  ];
  const edges = [
    `service_types => ${SERVICE}`,
    '# Every healthy region is in the answer, as often as its weight says.',
    'multi => true',
    '# One is enough. With none all are answered: a probe may be wrong, and an empty answer is an outage for certain.',
    'up_thresh => 0.0000001',
    ...regions.map(({ name, address, weight }) => `${name} => [ ${address}, ${weight} ]`),
  ];
  const block = (name: string, lines: readonly string[], indent = '') =>
    [`${indent}${name} => {`, ...lines.map((line) => `${indent}  ${line}`), `${indent}}`].join('\n');
  return `${[
    `# ${HEAD}`,
    block('options', options),
    block('service_types', block(SERVICE, service).split('\n')),
    block('plugins', block('weighted', block('edges', edges).split('\n')).split('\n')),
  ].join('\n')}\n`;
}

/** Besides the name that is balanced, the regions' own: an offer is bought where it was made, whatever the answer is by then. */
function zoneOf({ host, nameServers, regions }: Gslb): string {
  const own = [...nameServers, ...regions].map(({ name, address }) => `${name} A ${address}`);
  return `${[
    `; ${HEAD}`,
    '$TTL 300',
    '; The serial is for zone transfers, and gdnsd makes none.',
    `@ 60 SOA ${nameServers[0]?.name} hostmaster ( 1 7200 900 1209600 60 )`,
    ...nameServers.map(({ name }) => `@ NS ${name}`),
    ...own,
    `${host} ${TTL.most}/${TTL.least} DYNA weighted!edges`,
  ].join('\n')}\n`;
}
