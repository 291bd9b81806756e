import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../local/free-port.ts';

const root = join(import.meta.dirname, '../..');
const pod = parse(readFileSync(join(import.meta.dirname, 'deployment.yaml'), 'utf8')).spec.template.spec;
const [container] = pod.containers;
const LIMIT_KIB = 30 * 1024;
/** The autoscaler rounds a percentage down; from two pods one is wanted only at 40 % or less of what it aims at twice. */
const MOST_PERCENT = 40;
const USERS = 300;

const cache = mkdtempSync(join(tmpdir(), 'scaletest-'));
const env: Record<string, string> = Object.fromEntries(
  container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
);
let app: ChildProcess;
let url = '';

/** As the pod's containers run, but for where the files are. */
const run = ([, ...command]: string[], ...more: string[]) => {
  const args = command.map((word) => word.replaceAll('/app/', `${root}/`));
  return spawn(process.execPath, [...args, ...more], { env: { ...env, NODE_COMPILE_CACHE: cache }, stdio: 'inherit' });
};

beforeAll(async () => {
  const port = await freePort();
  await once(run(pod.initContainers[0].command), 'exit');
  app = run(container.command, String(port));
  url = `http://127.0.0.1:${port}`;
  await until(() =>
    fetch(`${url}/metrics`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
});
afterAll(() => {
  app.kill();
  rmSync(cache, { recursive: true });
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await timer(100);
}

/** What the kernel counts against a container's limit and does not take back: its own pages, and the tables that find them. */
function usedPercent(): number {
  const kib = (file: string, field: string) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${app.pid}/${file}`, 'utf8'))?.[1]);
  return Math.floor(((kib('smaps_rollup', 'Anonymous') + kib('status', 'VmPTE')) * 100) / LIMIT_KIB);
}

it('R16 an idle pod is at 40 % of its 30Mi or less, so that the autoscaler comes back to one replica', async () => {
  await until(() => usedPercent() <= MOST_PERCENT);
});

it('R16 under load it passes the 88 % at which the autoscaler acts, stays below its limit, and gives all of it back', async () => {
  let most = 0;
  let isOver = false;
  const watching = until(() => {
    most = Math.max(most, usedPercent());
    return isOver;
  });
  for (let round = 0; round < 3; round += 1) {
    const answers = Array.from({ length: USERS }, () => fetch(`${url}/`).then((answer) => answer.status));
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
  }
  isOver = true;
  await watching;
  expect(most).toBeGreaterThanOrEqual(88);
  expect(most).toBeLessThan(100);
  await until(() => usedPercent() <= MOST_PERCENT);
});
