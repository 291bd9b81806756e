import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  absent,
  containersOf,
  environmentOf,
  type Manifest,
  named,
  objects,
  ofKind,
  podOf,
  render,
  root,
  workloads,
} from './render-manifests.ts';

const everywhere = ['REGION', 'HOST', 'PORT', 'LOG_LEVEL'];
const regional = [...everywhere, 'DATABASE_URL', 'KAFKA_BROKERS', 'OPERATOR_TOKEN'];
/** What each entry must be given; anything else is a name that nobody reads. */
const ENVIRONMENT: Record<string, string[]> = {
  'edge/node.ts': [...everywhere, 'CORE_URL', 'HOP_KEY', 'METRICS_PORT'],
  'core/main.ts': [...regional, 'HOP_KEY', 'OFFER_KEYS', 'HOME_URLS'],
  'settlement/main.ts': regional,
  'aggregator/main.ts': [...regional, 'INSURERS'],
  'local/insurers/main.ts': ['HOST', 'PORT'],
  'platform/postgres/provision.ts': [
    'ADMIN_DATABASE_URL',
    'CORE_DB_PASSWORD',
    'SETTLEMENT_DB_PASSWORD',
    'AGGREGATOR_DB_PASSWORD',
  ],
};

describe.skipIf(absent)('the environment that the minikube overlay gives', () => {
  const all = absent ? [] : objects(render('k8s/overlays/minikube'));

  it.each(Object.entries(ENVIRONMENT))('%s is given exactly the variables that it reads', (entry, names) => {
    const container = workloads(all)
      .flatMap(containersOf)
      .find((each) => each.command?.at(-1) === entry);
    expect(Object.keys(environmentOf(container, all)).sort()).toEqual([...names].sort());
  });

  it.each([
    ['edge', 'edge/config.ts', 'parseNodeConfig'],
    ['core-app', 'core/config.ts', 'parseConfig'],
    ['ins-comp-settlement', 'settlement/config.ts', 'parseConfig'],
    ['ins-product-aggregator', 'aggregator/config.ts', 'parseConfig'],
  ])('%s accepts the configuration that it is given', async (name, path, parser) => {
    const container = podOf(named(all, 'Deployment', name)).containers[0];
    const { [parser]: parseEnvironment } = await import(join(root, path));
    expect(() => parseEnvironment(environmentOf(container, all))).not.toThrow();
  });

  it('every entry is a file of this repository', () => {
    const entries = workloads(all)
      .flatMap(containersOf)
      .filter((each) => each.image === 'insuretech:dev')
      .map((each) => each.command.at(-1));
    expect(entries.sort()).toEqual(Object.keys(ENVIRONMENT).sort());
    expect(entries.filter((entry) => !existsSync(join(root, entry)))).toEqual([]);
  });

  it('every address in a variable is a port of a Service here', () => {
    const ports = ofKind(all, 'Service').flatMap((service) =>
      service.spec.ports.map((each: Manifest) => `${service.metadata.name}:${each.port}`),
    );
    const values = workloads(all)
      .flatMap(containersOf)
      .flatMap((each) => Object.values(environmentOf(each, all)));
    const addresses = values.flatMap((value) =>
      [...value.matchAll(/(?:^|,|\/\/|@)([a-z][a-z-]*:\d{2,5})\b/g)].map((m) => m[1]),
    );
    expect(new Set(addresses)).toEqual(new Set(['core-app:8080', 'insurers:8900', 'kafka:9092', 'postgres:5432']));
    expect(ports).toEqual(expect.arrayContaining([...new Set(addresses)]));
  });

  it('the parties to a secret hold the same one', () => {
    const environment = (kind: string, name: string) => environmentOf(podOf(named(all, kind, name)).containers[0], all);
    const core = environment('Deployment', 'core-app');
    const settlement = environment('Deployment', 'ins-comp-settlement');
    const aggregator = environment('Deployment', 'ins-product-aggregator');
    const migrations = environment('Job', 'migrations');
    const database = environment('StatefulSet', 'postgres');
    const password = (url = '') => new URL(url).password;
    expect(environment('Deployment', 'edge')['HOP_KEY']).toBe(core['HOP_KEY']);
    expect(password(core['DATABASE_URL'])).toBe(migrations['CORE_DB_PASSWORD']);
    expect(password(settlement['DATABASE_URL'])).toBe(migrations['SETTLEMENT_DB_PASSWORD']);
    expect(password(aggregator['DATABASE_URL'])).toBe(migrations['AGGREGATOR_DB_PASSWORD']);
    expect(password(migrations['ADMIN_DATABASE_URL'])).toBe(database['POSTGRES_PASSWORD']);
    expect(new URL(migrations['ADMIN_DATABASE_URL'] ?? '').pathname).toBe(`/${database['POSTGRES_DB']}`);
  });
});
