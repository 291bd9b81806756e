import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { POLICIES, TARIFFS } from '#contracts/topics.ts';
import { requireOrSkip } from '../../../local/require-or-skip.ts';
import { prometheusRule } from '../prometheus-rule.ts';
import { ofAnswers } from './cases/of-answers.testing.ts';
import { ofEvents } from './cases/of-events.testing.ts';
import { ofInsurers } from './cases/of-insurers.testing.ts';
import { ofRegion } from './cases/of-region.testing.ts';
import { alerts, judge, missingPromtool, ruleFiles, rules, withPromtool } from './promtool.testing.ts';

const CASES = [...ofRegion, ...ofAnswers, ...ofEvents, ...ofInsurers];
const runs = requireOrSkip('the alerts', missingPromtool);
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

describe.runIf(runs)('D11 R8 (d) alerts', () => {
  it('all files of rules are good to Prometheus', async () => {
    for (const file of ruleFiles) {
      expect(await withPromtool('check rules', parse(readFileSync(file, 'utf8')))).toBe('');
    }
  });

  it("a region's Prometheus is given settings that it can read, and looks every 5 s", async () => {
    const settings = parse(readFileSync(join(import.meta.dirname, '../prometheus.yaml'), 'utf8'));
    expect(settings.global).toMatchObject({ scrape_interval: '5s', evaluation_interval: '5s' });
    // Debian builds it without Kubernetes.
    const [{ kubernetes_sd_configs: _, ...scrape }] = settings.scrape_configs;
    expect(await withPromtool('check config', { ...settings, scrape_configs: [scrape] })).toBe('');
    const wrong = { ...settings, scrape_configs: [{ ...scrape, honour_labels: true }] };
    expect(await withPromtool('check config', wrong)).toContain('honour_labels');
  });

  // Of a fault its alert fires, of its region, and no other of all; of what nearly is one, none.
  it.concurrent.each(CASES.map((each) => [each.of, each.shows, each.name, each] as const))(
    'D11 %s %s: %s',
    async (_of, _shows, _name, each) => expect(await judge(each)).toBe(''),
    300_000,
  );

  it('an alert that fires too often or never is found', async () => {
    const core = CASES.find(({ of, shows }) => of === 'CoreDown' && shows === 'fires');
    const one = CASES.find(({ of, shows }) => of === 'CoreDown' && shows === 'silent');
    if (!core || !one) throw new Error('CoreDown has no cases');
    expect(await judge({ ...core, fires: one.fires })).toContain('alertname: CoreDown');
    expect(await judge({ ...one, fires: core.fires })).toContain('alertname: CoreDown');
  });
});

test('D11 every alert is shown both firing and silent', () => {
  const shown = (shows: string) => new Set(CASES.filter((each) => each.shows === shows).map(({ of }) => of));
  const wanted = alerts.filter(({ labels }) => labels?.['severity'] !== 'none').map(({ alert }) => alert);
  expect([...shown('fires')].sort()).toEqual(wanted.toSorted());
  expect([...shown('silent')].sort()).toEqual(wanted.toSorted());
});

test('every alert is told once, has a severity, and leads to its own paragraph of the runbook', () => {
  const headings = [...readme.matchAll(/^### (\S+)$/gm)].map(([, name]) => name);
  expect(headings.toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  for (const { alert, labels, annotations } of alerts) {
    expect(['page', 'ticket', 'info', 'none'], alert).toContain(labels?.['severity']);
    expect(annotations?.['runbook_url']).toBe(`k8s/monitoring/README.md#${alert.toLowerCase()}`);
    expect(annotations?.['summary'], alert).toMatch(/\.$/);
  }
});

test('relays are counted against the partitions that the topics have', () => {
  const { expr } = rules.find(({ record }) => record === 'topic:relay_short') ?? { expr: '' };
  const counted = [...expr.matchAll(/topic="([\w.]+)"\}\)\[30s:5s\]\) < (\d+)/g)].map(([, name, count]) => [
    name,
    Number(count),
  ]);
  expect(counted).toEqual([POLICIES, TARIFFS].map(({ name, partitions }) => [name, partitions]));
});

test('what the operator and the ConfigMap are given are these files, all of them', () => {
  const named = readFileSync(join(import.meta.dirname, '../kustomization.yaml'), 'utf8').match(/rules\/\w+\.yaml/g);
  expect(named?.toSorted()).toEqual(ruleFiles.map((file) => `rules/${basename(file)}`).toSorted());
  const { spec } = prometheusRule() as { spec: { groups: { rules: unknown[] }[] } };
  expect(spec.groups.flatMap((group) => group.rules)).toEqual(rules);
});
