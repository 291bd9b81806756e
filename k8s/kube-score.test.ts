import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { requireOrSkip } from '../local/require-or-skip.ts';
import { findTool } from './find-tool.testing.ts';
import { asText, type Manifest, named, objects } from './manifest.ts';
import { absent, OVERLAYS, render } from './render-manifests.ts';

const kubeScore = findTool('KUBE_SCORE', 'kube-score');
const runs = requireOrSkip(
  'kube-score',
  kubeScore && absent === '' ? undefined : 'kube-score or kubectl is not here: run k8s/tools.sh',
);

/** Checks that are not asked, and why not. */
const NOT_ASKED = {
  'container-ephemeral-storage-request-and-limit': 'files are read-only, and scratch volumes have a limit of their own',
  'container-image-pull-policy': 'tags are exact and are never given to another image',
  'deployment-has-host-podantiaffinity': 'topologySpreadConstraints keep pods apart: checks/rollouts.ts',
};
/** What stays said, `{check} {kind} {name}`, and why. */
const EXCEPTIONS: Record<string, string> = {
  ...saidOf(
    'deployment-replicas',
    ['redis', 'upstash', 'insurers'],
    'one machine, and stand-ins for what is elsewhere',
  ),
  ...saidOf(
    'deployment-has-poddisruptionbudget',
    ['redis', 'upstash'],
    'a single pod: a budget would forbid each drain',
  ),
  ...saidOf(
    'pod-probes-identical',
    ['redis', 'insurers'],
    'an open port is all they tell; 30 s without are a reason to restart',
  ),
  'pod-probes-identical StatefulSet postgres':
    'pg_isready asks nothing of the disk; 30 s without an answer are a reason',
  'pod-probes-identical StatefulSet kafka': 'an open port is all it tells; 30 s without are a reason to restart',
  ...saidOf('container-security-context-user-group-id', ['redis'], 'the user that this image is made for'),
  'container-security-context-user-group-id StatefulSet postgres': 'the user that this image is made for',
  'container-security-context-user-group-id StatefulSet kafka': 'the user that this image is made for',
  'service-type Service edge': 'minikube has no load balancer',
  ...Object.fromEntries(
    ['kafka', 'kafka-nodes', 'kafka-topics', 'postgres', 'postgres-instances'].map((name) => [
      `networkpolicy-targets-pod NetworkPolicy ${name}`,
      'their pods are made by operators: network.test.ts',
    ]),
  ),
};

function saidOf(check: string, deployments: readonly string[], why: string): Record<string, string> {
  return Object.fromEntries(deployments.map((name) => [`${check} Deployment ${name}`, why]));
}

/** What is worse than fine, as `{check} {kind} {name}: {words}`. */
function complaints(text: string): string[] {
  const ignored = Object.keys(NOT_ASKED).flatMap((check) => ['--ignore-test', check]);
  const args = ['score', '--output-format', 'json', '--kubernetes-version', 'v1.34', ...ignored, '-'];
  const { stdout, stderr } = spawnSync(kubeScore ?? '', args, { input: text, encoding: 'utf8' });
  if (stdout === '') throw new Error(`kube-score: ${stderr}`);
  return JSON.parse(stdout).flatMap(({ type_meta, object_meta, checks }: Manifest) =>
    checks
      .filter((each: Manifest) => !each.skipped && each.grade < 10)
      .map(({ check, comments }: Manifest) => {
        const words = (comments ?? []).map((comment: Manifest) => `${comment.path} ${comment.summary}`).join('; ');
        return `${check.id} ${type_meta.kind} ${object_meta.name}: ${words}`;
      }),
  );
}

const subjectOf = (complaint: string): string => complaint.split(':')[0] as string;

describe.skipIf(!runs)('kube-score', () => {
  it('has nothing to say of any overlay beyond the reasoned exceptions, and all of these', () => {
    const said = OVERLAYS.flatMap((folder) => complaints(render(folder)));
    expect(said.filter((each) => !(subjectOf(each) in EXCEPTIONS))).toEqual([]);
    expect(Object.keys(EXCEPTIONS).filter((each) => !said.map(subjectOf).includes(each))).toEqual([]);
  }, 60_000);

  it('says it when a probe is taken away', () => {
    const all = objects(render('k8s/overlays/minikube'));
    delete named(all, 'Deployment', 'edge').spec.template.spec.containers[0].readinessProbe;
    const said = complaints(asText(all));
    expect(said.join('\n')).toMatch(/^pod-probes Deployment edge/m);
  });
});
