import { expect, test } from 'vitest';
import { loadingOf } from './load-images.ts';
import { mebibytes, mostOf, useOf } from './memory-use.ts';
import { faultsOf } from './read-back.ts';
import { claimsOf } from './volumes.ts';
import { metricOf } from './watch-replicas.ts';
import { isSettled, type Workload } from './workloads.ts';

const pod = (name: string, ...memory: [string, string][]) => ({
  metadata: { name: `${name}-x`, labels: { 'app.kubernetes.io/name': name } },
  containers: memory.map(([container, quantity]) => ({ name: container, usage: { memory: quantity } })),
});

test('memory is the most of the pods of a name, in MiB, whatever unit Kubernetes writes it in', () => {
  const items = [pod('edge', ['app', '61440Ki']), pod('edge', ['app', '70Mi']), pod('core-app', ['app', '1Gi'])];
  expect(useOf({ items })).toEqual(
    new Map([
      ['edge', 70],
      ['core-app', 1024],
    ]),
  );
  expect(useOf({ items: [pod('kafka', ['a', '1Mi'], ['b', '2Mi'])] })).toEqual(
    new Map([
      ['kafka/a', 1],
      ['kafka/b', 2],
    ]),
  );
  expect(
    mostOf([
      new Map([['edge', 1]]),
      new Map([
        ['edge', 3],
        ['core-app', 2],
      ]),
    ]),
  ).toEqual(
    new Map([
      ['edge', 3],
      ['core-app', 2],
    ]),
  );
  expect(mebibytes('1048576')).toBe(1);
  expect(() => mebibytes('1e6')).toThrow('"1e6" is not a quantity of memory');
});

test('a metric is read as percent or as requests a second, which Kubernetes writes in thousandths', () => {
  const status = (current: object) => ({ status: { currentMetrics: [current] } });
  expect(metricOf(status({ resource: { current: { averageUtilization: 83 } } }))).toBe('83 %');
  expect(metricOf(status({ pods: { current: { averageValue: '9500m' } } }))).toBe('9.5/s');
  expect(metricOf(status({ pods: { current: { averageValue: '12' } } }))).toBe('12/s');
  expect(metricOf({ status: {} })).toBe('-');
});

test('a workload is settled when all replicas are of its newest generation, and ready', () => {
  const counts = { replicas: 2, readyReplicas: 2, updatedReplicas: 2 };
  const workload = (status: Workload['status']): Workload => ({
    kind: 'Deployment',
    metadata: { name: 'edge', generation: 3 },
    spec: { replicas: 2, selector: { matchLabels: {} } },
    status,
  });
  expect(isSettled(workload({ observedGeneration: 3, ...counts }))).toBe(true);
  expect(isSettled(workload({ observedGeneration: 2, ...counts }))).toBe(false);
  expect(isSettled(workload({ observedGeneration: 3, ...counts, readyReplicas: 1 }))).toBe(false);
  expect(isSettled(workload({ observedGeneration: 3, ...counts, replicas: 3 }))).toBe(false);
  expect(isSettled(workload({ observedGeneration: 3, ...counts, updatedReplicas: 1 }))).toBe(false);
  expect(isSettled(workload({}))).toBe(false);
});

test('a StatefulSet claims a volume for each replica and template, under the name that Kubernetes gives it', () => {
  const template = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } };
  const kafka = {
    kind: 'StatefulSet',
    metadata: { name: 'kafka' },
    spec: { replicas: 2, volumeClaimTemplates: [template] },
  };
  expect(claimsOf([kafka, { ...kafka, kind: 'Deployment' }])).toEqual([
    { name: 'data-kafka-0', storage: '1Gi' },
    { name: 'data-kafka-1', storage: '1Gi' },
  ]);
});

test('images are imported only when both the archives and the command are named', () => {
  expect(loadingOf({})).toBeUndefined();
  expect(loadingOf({ IMAGE_ARCHIVES: 'a', IMAGE_IMPORT: 'ctr images  import' })).toEqual({
    folder: 'a',
    command: ['ctr', 'images', 'import'],
  });
  expect(() => loadingOf({ IMAGE_IMPORT: 'ctr' })).toThrow('IMAGE_ARCHIVES and IMAGE_IMPORT belong together');
});

test('a policy that is not in the ledger, or a kopeck that is nobody’s, is a fault', () => {
  const missing = Array.from({ length: 7 }, (_, index) => ({ number: `N${index}` }));
  expect(faultsOf({ missing: [], sumMinor: 0 })).toEqual([]);
  expect(faultsOf({ missing, sumMinor: 0 })).toHaveLength(6);
  expect(faultsOf({ missing: missing.slice(0, 1), sumMinor: -3 })).toEqual([
    'policy N0 was acknowledged and is not in the ledger',
    'the accounts of the ledger come to -3 kopecks, not to 0',
  ]);
});
