import { describe, expect, it } from 'vitest';
import { containersOf, type Manifest, named, objects, podOf } from '../manifest.ts';
import { absent, render } from '../render-manifests.ts';
import { allFindings } from './all-findings.testing.ts';

/** A fault planted in a rendered region, and what is to be said of it. */
type Fault = [finding: RegExp, plant: (all: Manifest[]) => void];

const deployment = (all: Manifest[], name: string) => named(all, 'Deployment', name);
const app = (all: Manifest[], name: string) => containersOf(deployment(all, name))[0];
const scaler = (all: Manifest[], name: string) => named(all, 'HorizontalPodAutoscaler', name).spec;
const budget = (all: Manifest[], name: string) => named(all, 'PodDisruptionBudget', name).spec;
const remove = (all: Manifest[], kind: string, name: string) => all.splice(all.indexOf(named(all, kind, name)), 1);
const variable = (all: Manifest[], name: string, key: string) =>
  app(all, name).env.find((each: Manifest) => each.name === key);

const FAULTS: Fault[] = [
  [
    /Deployment edge does not select its own pods/,
    (all) => {
      deployment(all, 'edge').spec.selector.matchLabels['app.kubernetes.io/name'] = 'age';
    },
  ],
  [
    /Service core-app selects the pods of 0 workloads/,
    (all) => {
      named(all, 'Service', 'core-app').spec.selector = { 'app.kubernetes.io/name': 'core' };
    },
  ],
  [
    /Service core-app selects the pods of 5 workloads/,
    (all) => {
      named(all, 'Service', 'core-app').spec.selector = { 'app.kubernetes.io/part-of': 'insuretech' };
    },
  ],
  [
    /PodDisruptionBudget edge selects the pods of 0 workloads/,
    (all) => {
      budget(all, 'edge').selector.matchLabels = { app: 'edge' };
    },
  ],
  [
    /HorizontalPodAutoscaler edge scales egde, which is not there/,
    (all) => {
      scaler(all, 'edge').scaleTargetRef.name = 'egde';
    },
  ],
  [
    /Service edge leads to the port "web"/,
    (all) => {
      named(all, 'Service', 'edge').spec.ports[0].targetPort = 'web';
    },
  ],
  [
    /Deployment edge is probed on the port "web"/,
    (all) => {
      app(all, 'edge').readinessProbe.httpGet.port = 'web';
    },
  ],
  [
    /Deployment edge is scraped on port 9091/,
    (all) => {
      deployment(all, 'edge').spec.template.metadata.annotations['prometheus.io/port'] = '9091';
    },
  ],
  [
    /StatefulSet kafka mounts the volume "date"/,
    (all) => {
      containersOf(named(all, 'StatefulSet', 'kafka'))[0].volumeMounts[0].name = 'date';
    },
  ],
  [
    /StatefulSet kafka has a volume of ConfigMap kafka-properties, which is not there/,
    (all) => {
      podOf(named(all, 'StatefulSet', 'kafka')).volumes[0].configMap.name = 'kafka-properties';
    },
  ],
  [
    /Deployment edge has a service account token/,
    (all) => {
      delete podOf(deployment(all, 'edge')).automountServiceAccountToken;
    },
  ],
  [
    /Deployment redis gets variables for each Service/,
    (all) => {
      podOf(deployment(all, 'redis')).enableServiceLinks = true;
    },
  ],
  [
    /Deployment edge does not say that it runs as a user other than root/,
    (all) => {
      podOf(deployment(all, 'edge')).securityContext.runAsUser = 0;
    },
  ],
  [
    /Deployment edge gives app more than/,
    (all) => {
      app(all, 'edge').securityContext.readOnlyRootFilesystem = false;
    },
  ],
  [
    /Deployment edge does not bound app/,
    (all) => {
      delete app(all, 'edge').resources.limits.memory;
    },
  ],
  [
    /Deployment edge leaves the heap of app without a bound/,
    (all) => {
      app(all, 'edge').command.splice(1, 1);
    },
  ],
  [
    /Deployment redis takes redis from the image "redis:latest"/,
    (all) => {
      containersOf(deployment(all, 'redis'))[0].image = 'redis:latest';
    },
  ],
  [
    /Deployment core-app takes a pod away before its successor is ready/,
    (all) => {
      deployment(all, 'core-app').spec.strategy.rollingUpdate.maxUnavailable = 1;
    },
  ],
  [
    /Deployment core-app stops while endpoints still name it/,
    (all) => {
      delete app(all, 'core-app').lifecycle;
    },
  ],
  [
    /Deployment core-app is killed before it has stopped by itself/,
    (all) => {
      podOf(deployment(all, 'core-app')).terminationGracePeriodSeconds = 30;
    },
  ],
  [
    /Deployment core-app is not asked whether it lives/,
    (all) => {
      delete app(all, 'core-app').startupProbe;
    },
  ],
  [
    /Deployment core-app is not asked whether it is ready/,
    (all) => {
      app(all, 'core-app').readinessProbe.httpGet.path = '/healthz/gslb';
    },
  ],
  [
    /Deployment core-app does not spread its pods by kubernetes.io\/hostname/,
    (all) => {
      podOf(deployment(all, 'core-app')).topologySpreadConstraints.pop();
    },
  ],
  [
    /Deployment edge has 0 PodDisruptionBudgets/,
    (all) => {
      remove(all, 'PodDisruptionBudget', 'edge');
    },
  ],
  [
    /Deployment edge lets no node be drained/,
    (all) => {
      delete budget(all, 'edge').maxUnavailable;
      budget(all, 'edge').minAvailable = 2;
    },
  ],
  [
    /Deployment ins-product-aggregator may lose all its pods to a drain/,
    (all) => {
      deployment(all, 'ins-product-aggregator').spec.replicas = 1;
    },
  ],
  [
    /HorizontalPodAutoscaler edge asks for the custom metric requests_per_second, for which the adapter has no rule/,
    (all) => {
      scaler(all, 'edge').metrics[0].pods.metric.name = 'requests_per_second';
    },
  ],
  [
    /HorizontalPodAutoscaler ins-comp-settlement asks for the external metric lag/,
    (all) => {
      scaler(all, 'ins-comp-settlement').metrics[0].external.metric.name = 'lag';
    },
  ],
  [
    /HorizontalPodAutoscaler ins-comp-settlement goes up to 13 pods for 12 partitions/,
    (all) => {
      scaler(all, 'ins-comp-settlement').maxReplicas = 13;
    },
  ],
  [
    /HorizontalPodAutoscaler edge is overruled by the replicas of its target/,
    (all) => {
      deployment(all, 'edge').spec.replicas = 2;
    },
  ],
  [
    /StatefulSet postgres takes 100 connections, and the autoscalers may come to 293/,
    (all) => {
      delete containersOf(named(all, 'StatefulSet', 'postgres'))[0].args;
    },
  ],
  [
    /Deployment edge is given CORE_ULR, which edge\/node.ts does not read/,
    (all) => {
      app(all, 'edge').env.push({ name: 'CORE_ULR', value: 'x' });
    },
  ],
  [
    /Deployment edge is refused its environment: .*METRICS_PORT is "metrics"/,
    (all) => {
      variable(all, 'edge', 'METRICS_PORT').value = 'metrics';
    },
  ],
  [
    /Deployment core-app is refused its environment: .*DATABASE_URL is missing/,
    (all) => {
      app(all, 'core-app').envFrom = [];
    },
  ],
  [
    /Deployment core-app is refused its environment: app takes HOME_URLS from a key that is not there/,
    (all) => {
      variable(all, 'core-app', 'HOME_URLS').valueFrom.configMapKeyRef.key = 'HOMES';
    },
  ],
  [
    /Deployment core-app is refused its environment: app refers to Secret "core"/,
    (all) => {
      app(all, 'core-app').envFrom[0].secretRef.name = 'core';
    },
  ],
  [
    /Deployment edge runs edge\/main.ts, whose environment nobody knows/,
    (all) => {
      app(all, 'edge').command = ['node', 'edge/main.ts'];
    },
  ],
  [
    /Deployment edge is given CORE_URL with core:8080, where nothing listens/,
    (all) => {
      variable(all, 'edge', 'CORE_URL').value = 'http://core:8080';
    },
  ],
];

describe.skipIf(absent)('the cross-checks', () => {
  const minikube = absent ? [] : objects(render('k8s/overlays/minikube'));

  it.each(FAULTS)('find %s', (finding, plant) => {
    const all = structuredClone(minikube);
    plant(all);
    expect(allFindings(all).join('\n')).toMatch(finding);
  });

  it('find an Ingress that leads nowhere, and a cluster of Postgres with too few connections', () => {
    const all = objects(render('k8s/overlays/msk'));
    named(all, 'Ingress', 'edge').spec.rules[0].http.paths[0].backend.service.port.name = 'metrics';
    named(all, 'Cluster', 'postgres').spec.postgresql.parameters.max_connections = '100';
    expect(allFindings(all)).toEqual([
      'Ingress edge leads to port "metrics" of Service edge, which is not there',
      'Cluster postgres takes 100 connections, and the autoscalers may come to 293',
    ]);
  });
});
