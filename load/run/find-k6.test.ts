import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findK6 } from './find-k6.ts';

let dir: string;
const command = (name: string) => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'insuretech-k6-'));
  for (const [name, says] of [
    ['old', 'k6 v0.49.0 (go1.21.6, linux/amd64)'],
    ['new', 'k6 v1.8.1 (go1.26.0, linux/amd64)'],
    ['other', 'nothing of the kind'],
  ] as const) {
    await writeFile(command(name), `#!/bin/sh\n[ "$1" = version ] && echo '${says}'\n`);
    await chmod(command(name), 0o755);
  }
});
afterAll(() => rm(dir, { recursive: true }));

test('findK6 takes the first that is there and runs TypeScript', async () => {
  const commands = ['missing', 'other', 'old', 'new'].map(command);
  expect(await findK6(commands)).toEqual({ command: command('new'), version: '1.8.1' });
  expect(await findK6(commands.slice(0, 3))).toBeUndefined();
});
