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
});
