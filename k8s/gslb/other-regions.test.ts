import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environmentsOf, type Shared } from '../../local/environments.ts';
import { parseOptions } from '../../local/options.ts';
import { at, planInsurers, planRegions, type RegionPlan } from '../../local/plan.ts';
import { requireOrSkip } from '../../local/require-or-skip.ts';
import { objects, ofKind } from '../manifest.ts';
import { absent, OVERLAYS, render } from '../render-manifests.ts';
import { type Addresses, type Belonging, findOtherRegions } from './find-other-regions.ts';
import { type Gslb, readRegions } from './read-regions.ts';

const gslb: Gslb = await readRegions('k8s/gslb/regions.yaml');
const REGIONS: readonly Addresses[] = gslb.regions.map(({ name, address, core }) => ({
  name,
  addresses: [address, new URL(core).host],
}));
const NAMES = REGIONS.map(({ name }) => name);

/** Without its comments, which begin their lines. */
const readJsonc = (file: string) => JSON.parse(readFileSync(file, 'utf8').replace(/^\s*\/\/.*$/gm, ''));

/** Secrets as what they say. */
const readable = (object: { kind: string; data?: Record<string, string> }) =>
  object.kind === 'Secret' && object.data
    ? { ...object, data: Object.fromEntries(Object.entries(object.data).map(([key, text]) => [key, atob(text)])) }
    : object;

function overlays(): Belonging[] {
  return OVERLAYS.map((folder) => {
    const told = objects(render(folder)).map(readable);
    const regions = new Set(ofKind(told, 'ConfigMap').flatMap((configMap) => configMap.data?.REGION ?? []));
    expect(regions.size, `${folder} says which region it is`).toBe(1);
    return { region: String([...regions][0]), what: folder, told };
  });
}

/** kubectl runs once for each overlay. */
const KUBECTL_MS = 60_000;
const rendersOverlays = requireOrSkip('the check of the overlays', absent || undefined);

describe('D3 S1 nothing of a region names another or where it is, but the public home of a 421', () => {
  it.runIf(rendersOverlays)(
    'in any overlay',
    () => {
      const found = overlays();
      expect(found.length).toBeGreaterThan(0);
      expect(findOtherRegions(found, REGIONS)).toEqual([]);
    },
    KUBECTL_MS,
  );

  it.runIf(rendersOverlays)(
    'which is found when it is planted',
    () => {
      const [overlay] = overlays() as [Belonging];
      const other = REGIONS.find(({ name }) => name !== overlay.region) as Addresses;
      const configMap = { kind: 'ConfigMap', data: { CORE_URL: `http://${other.addresses[1]}` } };
      const planted = { ...overlay, told: [...(overlay.told as object[]), configMap] };
      expect(findOtherRegions([planted], REGIONS)).toHaveLength(2);
    },
    KUBECTL_MS,
  );

  it("in the base, which is every region's", () => {
    const told = globSync('k8s/base/**/*.yaml').map((file) => readFileSync(file, 'utf8'));
    expect(told.length).toBeGreaterThan(0);
    expect(findOtherRegions([{ region: 'any', what: 'base', told }], REGIONS)).toEqual([]);
  });

  it('in any environment of wrangler.jsonc', () => {
    const { env, ...shared } = readJsonc('edge/wrangler.jsonc');
    const told = Object.entries(env).map(([region, own]) => ({ region, what: 'wrangler.jsonc', told: own }));
    expect(told.map(({ region }) => region).sort()).toEqual([...NAMES].sort());
    expect(findOtherRegions([...told, { region: 'any', what: 'wrangler.jsonc', told: shared }], REGIONS)).toEqual([]);
  });

  it.each(['shared', 'regional'] as const)('in what npm start tells a service, with %s limits', (limits) => {
    const plans = planRegions(parseOptions(['--limits', limits]));
    const local = plans.map(({ name, ports }) => ({
      name,
      addresses: Object.values(ports).map((port) => `127.0.0.1:${port}`),
    }));
    const told = plans.flatMap((plan) => belongingsOf(plan, { limits, plans }));
    expect(told).toHaveLength(5 * NAMES.length);
    expect(findOtherRegions(told, local)).toEqual([]);
    const [first, , , , , second] = told as [Belonging, ...Belonging[]];
    // The other's environment under this one's name is full of it.
    expect(findOtherRegions([{ ...first, told: second?.told }], local)).not.toEqual([]);
  });

  it('in the code of any service', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(100);
    const told = files.map(({ file, code }) => ({ region: 'any', what: file, told: addressesIn(code) }));
    expect(findOtherRegions(told, REGIONS)).toEqual([]);
    const planted = addressesIn(`const url = 'https://core.nsk.insuretech.example/v1';`);
    expect(findOtherRegions([{ region: 'msk', what: 'a file', told: planted }], REGIONS)).toHaveLength(2);
  });
});

function belongingsOf(
  plan: RegionPlan,
  { limits, plans }: { limits: string; plans: readonly RegionPlan[] },
): Belonging[] {
  const secret = 'x'.repeat(43);
  const keys = { site: secret, alfa: secret, beta: secret, operator: secret };
  const shared: Shared = {
    keys,
    logLevel: 'info',
    homes: plans.map(({ name, ports }) => `${name}=${at(ports.edge)}`).join(','),
    insurers: planInsurers(parseOptions([])),
    upstash: { backend: 'mock', delayMs: 0, ...(limits === 'shared' && { shared: { url: at(8901), token: secret } }) },
    sharePercent: 50,
  };
  const secrets = {
    ...{ adminPassword: secret, corePassword: secret, settlementPassword: secret, aggregatorPassword: secret },
    ...{ hopKey: secret, offerKey: secret, upstashToken: secret },
  };
  const environments = environmentsOf(plan, secrets, shared);
  return Object.entries(environments).map(([what, told]) => ({ region: plan.name, what, told }));
}

const SERVICES = ['core', 'edge', 'settlement', 'aggregator', 'platform'];

function sources() {
  return SERVICES.flatMap((folder) => globSync(`${folder}/**/*.ts`))
    .filter((file) => !/(\.test|\.testing|\.conformance|\/testing|\.d)\.ts$/.test(file))
    .map((file) => ({ file, code: readFileSync(file, 'utf8') }));
}

/** What could be connected to: URLs, IPv4 addresses, names with a port. */
const addressesIn = (code: string): string[] =>
  code.match(/[a-z]+:\/\/[^\s'"`]+|\b\d{1,3}(\.\d{1,3}){3}\b|\b[a-z][a-z0-9.-]*:\d{2,5}\b/g) ?? [];

/**
 * Every way out of a service, and the variable that its address comes from. Another address would be another line here;
 * HOME_URLS is none of them.
 */
const WAYS_OUT: Readonly<Record<string, string>> = {
  'edge/create-context.ts': 'the network that the two below use',
  'edge/forward/send-call.ts': 'CORE_URL',
  'edge/store/upstash.ts': 'UPSTASH_REDIS_REST_URL',
  'aggregator/protocols/request-text.ts': 'INSURERS',
  'platform/events/kafka.ts': 'KAFKA_BROKERS',
  'platform/events/kafka-lag.ts': 'KAFKA_BROKERS',
  'platform/postgres/open-postgres.ts': 'DATABASE_URL',
  'platform/postgres/open-session.ts': 'DATABASE_URL',
  'platform/postgres/open-socket.ts': 'DATABASE_URL',
  'platform/postgres/provision.ts': 'ADMIN_DATABASE_URL',
  'platform/tracing/open-tracer.ts': 'OTEL_EXPORTER_OTLP_ENDPOINT',
  'platform/tracing/otlp.ts': 'OTEL_EXPORTER_OTLP_ENDPOINT',
};
const CALLS_OUT =
  /(?<![.\w])fetch\((?!request|asked)|ctx\.fetch\(|to\.fetch\(|new Kafka\(|(?<![\w.])postgres\((?!ql)|new Socket\(|(?<![.\w])connect\(|new Redis\(|from 'node:(https|tls|dgram|dns)/;

describe('D3 S1 a region has no way out but those that its configuration names', () => {
  it('and each is known, with the variable that its address comes from', () => {
    const found = sources().flatMap(({ file, code }) => (CALLS_OUT.test(code) ? [file] : []));
    expect(found.sort()).toEqual(Object.keys(WAYS_OUT).sort());
  });

  it('and where another region is, is read by nobody but who answers 421', () => {
    const readers = sources().flatMap(({ file, code }) => (/homeOf\(/.test(code) ? [file] : []));
    expect(readers.sort()).toEqual(['core/offers/read-offer.ts', 'core/policies/require-home.ts']);
  });
});
