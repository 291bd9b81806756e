import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { POLICIES, TARIFFS } from '#contracts/topics.ts';
import { allFindings, SERVICES } from './checks/all-findings.testing.ts';
import { otherRegions } from './checks/regions.ts';
import { restricted } from './checks/restricted.ts';
import { selectors } from './checks/selectors.ts';
import { volumes } from './checks/volumes.ts';
import { environmentOf, type Manifest, named, objects, ofKind, podOf, workloads } from './manifest.ts';
import { absent, OVERLAYS, render, root, validated } from './render-manifests.ts';

const read = (path: string) => readFileSync(join(root, path), 'utf8');
if (absent) {
  console.warn(`k8s/manifests.test.ts is skipped: ${absent}`);
  if (process.env['CI'] === 'true') {
    it('the manifests are not left unchecked in CI', () => {
      throw new Error(absent);
    });
  }
}
/** The validator reads schemas of megabytes, and takes seconds where others work too. */
const PATIENCE_MS = 60_000;
const rendered = (folder: string): Manifest[] => (absent ? [] : objects(render(folder)));
/** Kinds of operators, whose schemas the API server has in apiserver.e2e.test.ts. */
const CUSTOM = /strimzi|cnpg/;

describe.skipIf(absent)('manifests', () => {
  const scaletest = ['deployment', 'service', 'hpa', 'hpa-rps'].map((name) => `k8s/scaletest/${name}.yaml`);

  it.each(['k8s/base', ...OVERLAYS])(
    '%s renders to objects that Kubernetes 1.34 knows',
    (folder) => {
      const all = rendered(folder);
      expect(validated(render(folder))).toHaveLength(all.filter((each) => !CUSTOM.test(each.apiVersion)).length);
      expect(ofKind(all, 'Deployment').map((each) => each.metadata.name)).toEqual(expect.arrayContaining(SERVICES));
    },
    PATIENCE_MS,
  );

  it.each(scaletest)(
    '%s is one object that Kubernetes 1.34 knows (R16, R17, R19)',
    (path) => {
      expect(validated(read(path))).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  it(
    'refuses an object with a field or a kind that Kubernetes does not know',
    () => {
      const service = read('k8s/scaletest/service.yaml');
      expect(() => validated(service.replace('selector:', 'selectors:'))).toThrow("'selectors' was unexpected");
      expect(validated(service.replace('kind: Service', 'kind: Servise'))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.each(OVERLAYS)('%s stands up to every cross-check', (folder) => {
    expect(allFindings(rendered(folder))).toEqual([]);
  });

  it('those of the scale test stand up to the checks that are meant for them', () => {
    const scale = ['deployment', 'service'].map((name) => parse(read(`k8s/scaletest/${name}.yaml`)));
    expect([...selectors(scale), ...volumes(scale), ...restricted(scale)]).toEqual([]);
  });
});

describe.skipIf(absent)('regions', () => {
  const REGIONS = ['msk', 'nsk'];

  it('S1 the base and what production adds name no region', () => {
    const added = ['kustomization', 'edge', 'ingress', 'kafka', 'postgres', 'network'];
    const texts = [render('k8s/base'), ...added.map((name) => read(`k8s/production/${name}.yaml`))];
    expect(texts.filter((text) => /\b(msk|nsk)\b/.test(text))).toEqual([]);
  });

  it.each(REGIONS)('S1 D3 the overlay of %s names no other region', (own) => {
    const text = render(`k8s/overlays/${own}`);
    expect(otherRegions(text, { own, all: REGIONS })).toEqual([]);
    const planted = text.replace('core-app:8080', REGIONS.find((region) => region !== own) as string);
    expect(otherRegions(planted, { own, all: REGIONS })).toHaveLength(1);
  });

  it('S1 they differ by their name and their secrets alone', () => {
    const plain = (region: string) =>
      rendered(`k8s/overlays/${region}`)
        .filter((each) => each.kind !== 'Secret')
        .map((each) =>
          JSON.stringify(each)
            .replaceAll(region, 'REGION')
            .replace(/-[0-9a-z]{10}"/g, '-HASH"'),
        );
    expect(plain('msk')).toEqual(plain('nsk'));
    expect(plain('msk').join()).toContain('REGION.insuretech.example');
    expect(plain('msk').join()).toContain('s3://insuretech-postgres/REGION');
  });

  it('S3.1 S3.2 the topics that production declares are those that the services keep', () => {
    const declared = ofKind(rendered('k8s/overlays/msk'), 'KafkaTopic').map(({ metadata, spec }) => ({
      name: metadata.name,
      partitions: spec.partitions,
      compacted: spec.config['cleanup.policy'] === 'compact',
    }));
    expect(declared).toEqual(
      [POLICIES, TARIFFS].map(({ name, partitions, compacted }) => ({ name, partitions, compacted })),
    );
  });
});

describe.skipIf(absent)('the parties to a secret hold the same one', () => {
  it.each(OVERLAYS)('in %s', (folder) => {
    const all = rendered(folder);
    const given = (kind: string, name: string) => environmentOf(podOf(named(all, kind, name)).containers[0], all);
    const core = given('Deployment', 'core-app');
    const migrations = given('Job', 'migrations');
    const password = (url = '') => new URL(url).password;
    expect(given('Deployment', 'edge')['HOP_KEY']).toBe(core['HOP_KEY']);
    expect(password(core['DATABASE_URL'])).toBe(migrations['CORE_DB_PASSWORD']);
    for (const [name, variable] of [
      ['ins-comp-settlement', 'SETTLEMENT_DB_PASSWORD'],
      ['ins-product-aggregator', 'AGGREGATOR_DB_PASSWORD'],
    ] as const) {
      const { DATABASE_URL, OPERATOR_TOKEN } = given('Deployment', name);
      expect(password(DATABASE_URL)).toBe(migrations[variable]);
      expect(OPERATOR_TOKEN).toBe(core['OPERATOR_TOKEN']);
    }
    const administrator = named(all, 'Secret', 'provisioner');
    const owned = administrator
      ? Buffer.from(administrator.data.password, 'base64').toString()
      : given('StatefulSet', 'postgres')['POSTGRES_PASSWORD'];
    expect(password(migrations['ADMIN_DATABASE_URL'])).toBe(owned);
  });

  it('in minikube: the store of the edge and its stand-in, the stand-in and its Redis', () => {
    const all = rendered('k8s/overlays/minikube');
    const given = (name: string) => environmentOf(podOf(named(all, 'Deployment', name)).containers[0], all);
    expect(given('edge')['UPSTASH_REDIS_REST_TOKEN']).toBe(given('upstash')['UPSTASH_TOKEN']);
    expect(new URL(given('upstash')['REDIS_URL'] ?? '').password).toBe(given('redis')['REDIS_PASSWORD']);
  });
});

describe.skipIf(absent)('the minikube overlay', () => {
  it('the edge alone is reached from outside, and never its metrics', () => {
    const all = rendered('k8s/overlays/minikube');
    const outside = ofKind(all, 'Service').filter((each) => ['NodePort', 'LoadBalancer'].includes(each.spec.type));
    expect(outside.map((each) => each.metadata.name)).toEqual(['edge']);
    expect(outside[0].spec.ports.map((each: Manifest) => each.targetPort)).toEqual(['http']);
  });

  it('all pods together ask for less than the 2 CPUs and 4 GB of its README, Kubernetes own taken off', () => {
    const all = rendered('k8s/overlays/minikube');
    const asked = workloads(all).map((each) => {
      const replicas =
        ofKind(all, 'HorizontalPodAutoscaler').find((scaler) => scaler.spec.scaleTargetRef.name === each.metadata.name)
          ?.spec.minReplicas ??
        each.spec.replicas ??
        1;
      const { cpu, memory } = podOf(each).containers[0].resources.requests;
      return {
        cpu: Number(/^(\d+)m$/.exec(cpu)?.[1]) * replicas,
        memory: Number(/^(\d+)Mi$/.exec(memory)?.[1]) * replicas,
      };
    });
    const sum = (key: 'cpu' | 'memory') => asked.reduce((total, each) => total + each[key], 0);
    expect(sum('cpu')).toBeLessThan(2_000 - 850);
    expect(sum('memory')).toBeLessThan(4_000 - 500);
  });
});
