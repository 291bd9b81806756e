import { expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseRegions, readRegions } from './read-regions.ts';

const GOOD = `
zone: insuretech.example
host: api
nameServers: [{ name: ns1, address: 192.0.2.53 }]
port: 80
regions:
  - { name: msk, address: 203.0.113.10, core: "https://core.msk.example" }
  - { name: nsk, address: 203.0.113.74, weight: 3, core: "https://core.nsk.example" }
`;

test('S1 the list that is deployed is read, and has every region once', async () => {
  const { regions } = await readRegions('k8s/gslb/regions.yaml');
  expect(regions.map(({ name }) => name)).toEqual(['msk', 'nsk']);
});

test('a weight that is left out is 1, and a name server answers on port 53', () => {
  const { regions, nameServers } = parseRegions(GOOD, 'regions.yaml');
  expect(regions.map(({ weight }) => weight)).toEqual([1, 3]);
  expect(nameServers[0]?.port).toBe(53);
});

test.each([
  ['api', 'API', 'host: must be a label of a domain name in lower case'],
  ['insuretech.example', 'insuretech.example.', 'zone: must be a domain name in lower case without the last dot'],
  ['203.0.113.10', '203.0.113.300', 'regions.0.address: must be an IPv4 address'],
  ['203.0.113.74', '203.0.113.10', 'regions: must have different addresses'],
  ['name: nsk', 'name: msk', 'regions: must have different names'],
  ['name: nsk', 'name: n-s-k', 'regions.1.name: '],
  ['host: api', 'host: msk', 'host, nameServers and regions must have different names'],
  ['weight: 3', 'weight: 0', 'regions.1.weight: '],
  ['port: 80', 'port: 0', 'port: '],
  ['port: 80', 'port: 80\ntls: true', 'Unrecognized key: "tls"'],
  ['https://core.nsk.example', 'core.nsk.example', 'regions.1.core: must be an http or https URL'],
  ['regions:', 'regions: [', 'is no YAML'],
])('%j in the place of %j is refused with a sentence', (right, wrong, sentence) => {
  const read = () => parseRegions(GOOD.replace(right, wrong), 'regions.yaml');
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(sentence);
});

test('a file that is not there is named', async () => {
  await expect(readRegions('no/such.yaml')).rejects.toThrow('There is no list of regions at "no/such.yaml"');
});
