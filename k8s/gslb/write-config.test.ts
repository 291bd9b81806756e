import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Gslb } from './read-regions.ts';
import { writeConfig } from './write-config.ts';

const GSLB: Gslb = {
  zone: 'insuretech.example',
  host: 'api',
  nameServers: [{ name: 'ns1', address: '192.0.2.53', port: 53 }],
  port: 80,
  regions: [
    { name: 'msk', address: '203.0.113.10', weight: 1, core: 'https://core.msk.example' },
    { name: 'nsk', address: '203.0.113.74', weight: 3, core: 'https://core.nsk.example' },
  ],
};

test('S1 D5 two regions, word for word', () => {
  expect(writeConfig(GSLB, { nameServer: 'ns1', stateDir: '/var/lib/gdnsd' })).toEqual({
    config: `# Written from a list of regions (k8s/gslb/README.md): change that, and write it again.
options => {
  listen => 192.0.2.53:53
  min_ttl => 2
  state_dir => "/var/lib/gdnsd"
}
service_types => {
  gslb => {
    plugin => http_status
    port => 80
    url_path => /healthz/gslb
    vhost => api.insuretech.example
    ok_codes => [ 200 ]
    interval => 2
    timeout => 1
    up_thresh => 5
    ok_thresh => 1
    down_thresh => 4
  }
}
plugins => {
  weighted => {
    edges => {
      service_types => gslb
      # Every healthy region is in the answer, as often as its weight says.
      multi => true
      # One is enough. With none all are answered: a probe may be wrong, and an empty answer is an outage for certain.
      up_thresh => 0.0000001
      msk => [ 203.0.113.10, 1 ]
      nsk => [ 203.0.113.74, 3 ]
    }
  }
}
`,
    'zones/insuretech.example': `; Written from a list of regions (k8s/gslb/README.md): change that, and write it again.
$TTL 300
; The serial is for zone transfers, and gdnsd makes none.
@ 60 SOA ns1 hostmaster ( 1 7200 900 1209600 60 )
@ NS ns1
ns1 A 192.0.2.53
msk A 203.0.113.10
nsk A 203.0.113.74
api 8/2 DYNA weighted!edges
`,
  });
});

const anyGslb = fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 20 }).map(
  (addresses): Gslb => ({
    ...GSLB,
    regions: addresses.map((address, place) => ({
      name: `r${'abcdefghijklmnopqrst'[place]}`,
      address,
      weight: place + 1,
      core: 'https://core.example',
    })),
  }),
);

test('S1 whatever the regions, each is probed and answered once, and none other is', () => {
  fc.assert(
    fc.property(anyGslb, (gslb) => {
      const { config = '', [`zones/${gslb.zone}`]: zone = '' } = writeConfig(gslb, { nameServer: 'ns1' });
      const probed = [...config.matchAll(/^ {6}(\w+) => \[ ([\d.]+), (\d+) \]$/gm)].map(([, ...found]) => found);
      expect(probed).toEqual(gslb.regions.map(({ name, address, weight }) => [name, address, String(weight)]));
      const own = [...zone.matchAll(/^(r\w) A ([\d.]+)$/gm)].map(([, ...found]) => found);
      expect(own).toEqual(gslb.regions.map(({ name, address }) => [name, address]));
    }),
  );
});

test('a name server listens on its own address alone, and a stranger is refused', () => {
  const nameServers = [...GSLB.nameServers, { name: 'ns2', address: '198.51.100.53', port: 53 }];
  const gslb = { ...GSLB, nameServers };
  expect(writeConfig(gslb, { nameServer: 'ns2' })['config']).toContain('listen => 198.51.100.53:53\n');
  expect(() => writeConfig(gslb, { nameServer: 'ns3' })).toThrow(
    '--name-server is "ns3" but must be one of the list: ns1, ns2.',
  );
});
