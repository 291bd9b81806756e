import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../../local/free-port.ts';

const run = promisify(execFile);

/** What is scraped: a process of a service, `host:port`. */
export interface Target {
  readonly service: string;
  readonly region: string;
  readonly address: string;
}

/** An alert as Prometheus tells it. */
export interface Alert {
  readonly name: string;
  readonly state: 'pending' | 'firing';
  readonly labels: Readonly<Record<string, string>>;
}

export interface Prometheus extends AsyncDisposable {
  /** All that are pending or firing. */
  alerts(): Promise<readonly Alert[]>;
}

/** As k8s/monitoring says for a production; the rules' windows are made for it. */
const [EVERY, PATIENCE] = ['5s', '4s'];
const RULES = resolve('k8s/monitoring/rules/*.yaml');
const START_MS = 30_000;

/** Why Prometheus cannot run here, or undefined. */
export async function missingPrometheus(): Promise<string | undefined> {
  const found = await run('prometheus', ['--version']).catch(() => undefined);
  return found ? undefined : 'there is no "prometheus" here: install it (Debian: prometheus)';
}

/** A real Prometheus with the product's rules, its data in a folder of `dir`. */
export async function startPrometheus({
  dir,
  targets,
}: {
  dir: string;
  targets: readonly Target[];
}): Promise<Prometheus> {
  const folder = join(dir, 'prometheus');
  await mkdir(folder);
  const config = join(folder, 'prometheus.json');
  await writeFile(config, JSON.stringify(configOf(targets)));
  const port = await freePort();
  const log = openSync(join(folder, 'prometheus.log'), 'a');
  const child = spawn(
    'prometheus',
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  const exited = once(child, 'exit');
  const dispose = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  if (!(await becomesReady(`${url}/-/ready`))) {
    await dispose();
    throw new Error(`Prometheus does not start: see ${folder}/prometheus.log`);
  }
  return { alerts: () => readAlerts(url), [Symbol.asyncDispose]: dispose };
}

function configOf(targets: readonly Target[]): object {
  const services = [...new Set(targets.map(({ service }) => service))];
  return {
    global: { scrape_interval: EVERY, scrape_timeout: PATIENCE, evaluation_interval: EVERY },
    rule_files: [RULES],
    scrape_configs: services.map((name) => ({
      job_name: name,
      // What a service says of itself is what `up` is labelled with.
      honor_labels: true,
      static_configs: targets
        .filter(({ service }) => service === name)
        .map(({ service, region, address }) => ({ targets: [address], labels: { service, region } })),
    })),
  };
}

async function becomesReady(url: string): Promise<boolean> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    await answer?.body?.cancel().catch(() => undefined);
    if (answer?.ok) return true;
    await timer(50);
  }
  return false;
}

interface AlertsAnswer {
  readonly data: {
    readonly alerts: readonly { readonly state: Alert['state']; readonly labels: Record<string, string> }[];
  };
}

async function readAlerts(url: string): Promise<readonly Alert[]> {
  const answer = await fetch(`${url}/api/v1/alerts`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as AlertsAnswer;
  return data.alerts.map(({ state, labels: { alertname = '', ...labels } }) => ({ name: alertname, state, labels }));
}
