import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { processorTime } from './processor-time.ts';

const TICK_SECONDS = 0.01;

/** Keeps the processor busy until so much of it was used, s. */
function spend(seconds: number): void {
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= seconds * 1e6) return;
  }
}

describe.skipIf(process.platform !== 'linux')('processorTime', () => {
  test('is what Node says of this process, to a tick', async () => {
    spend(0.1);
    const { user, system } = process.cpuUsage();
    const known = await processorTime(process.pid);
    expect(known).toBeGreaterThanOrEqual((user + system) / 1e6 - 2 * TICK_SECONDS);
  });

  test('counts what a child has used so far', async () => {
    const script =
      'const c = process.cpuUsage; while (c().user < 200000); process.stdout.write("spent"); setInterval(() => {}, 1e4)';
    const before = await processorTime(process.pid);
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      expect((await processorTime(process.pid)) - before).toBeGreaterThanOrEqual(0.2 - TICK_SECONDS);
    } finally {
      child.kill();
    }
    // On a busy machine a fifth of a second of a processor may be long in coming.
  }, 60_000);

  test('loses nothing of children that end meanwhile', async () => {
    // Each child works for 0.02 s at least, and is gone.
    const script =
      "for n in 1 2 3 4 5; do sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'; done; echo spent; read end";
    const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const told = once(child.stdout, 'data').then(() => true);
    let [last, isOver] = [0, false];
    void told.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const now = await processorTime(child.pid as number);
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
    expect(await processorTime(child.pid as number)).toBeGreaterThanOrEqual(Math.max(last, 5 * TICK_SECONDS));
    child.stdin.end();
    await once(child, 'exit');
  }, 60_000);
});
