import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';

const run = promisify(execFile);

const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'promtool'));
const promtool = [process.env['PROMTOOL'] ?? '', ...onPath].find((path) => existsSync(path));
/** Why nothing can be tried here; undefined if it can. */
export const missingPromtool = promtool
  ? undefined
  : 'promtool is not here: install Prometheus (Debian: prometheus) or set PROMTOOL';

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

export const ruleFiles = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => join(import.meta.dirname, name));
const groups = ruleFiles.flatMap((file) => (parse(readFileSync(file, 'utf8')) as RuleFile).groups);
export const rules: readonly Rule[] = groups.flatMap((group) => group.rules);
export const alerts = rules.filter((rule): rule is Rule & { alert: string } => rule.alert !== undefined);

/** An alert that is expected: its name, and the labels that it has from its series. */
export interface Firing {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What Prometheus sees, and all that it must say of it. */
export interface Case {
  /** Series by name and labels, in promtool's notation, a sample each `step`. */
  readonly series: Readonly<Record<string, string>>;
  readonly step: string;
  readonly at: string;
  readonly fires: readonly Firing[];
}

/** What promtool finds wrong: of every alert, whether it fires and with what labels; empty if nothing. Other rules may be given. */
export async function judge({ series, step, at, fires }: Case, files = ruleFiles): Promise<string> {
  const tests = [
    {
      interval: step,
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      alert_rule_test: alerts.map((rule) => ({
        eval_time: at,
        alertname: rule.alert,
        exp_alerts: fires.filter(({ alert }) => alert === rule.alert).map(({ labels }) => expected(rule, labels)),
      })),
    },
  ];
  const order = [...new Set(groups.map(({ name }) => name))];
  return withPromtool('test rules', { rule_files: files, evaluation_interval: step, group_eval_order: order, tests });
}

function expected(rule: Rule, labels: Firing['labels']) {
  const render = (text: string) => text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '');
  const annotations = Object.entries(rule.annotations ?? {}).map(([name, text]) => [name, render(text)]);
  return { exp_labels: { ...labels, ...rule.labels }, exp_annotations: Object.fromEntries(annotations) };
}

/** What promtool has against a file of rules, of tests or of settings; empty if nothing. */
export async function withPromtool(
  command: 'test rules' | 'check rules' | 'check config',
  content: object,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
  try {
    const file = join(folder, 'file.yaml');
    await writeFile(file, stringify(content));
    await run(promtool ?? '', [...command.split(' '), file]);
    return '';
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}` || String(error);
  } finally {
    await rm(folder, { recursive: true });
  }
}
