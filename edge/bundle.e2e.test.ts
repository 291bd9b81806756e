import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WRANGLER, wranglerEnv } from './wrangler.testing.ts';

const REGIONS = ['msk', 'nsk'] as const;
const ROOT = new URL('..', import.meta.url).pathname;
/** Bytes, minified: what every new isolate reads before its first answer. */
const MOST_BYTES = 200 * 1024;

interface Bundle {
  readonly code: Buffer;
  /** What it imports at run time. */
  readonly imports: readonly unknown[];
  readonly said: string;
}

const bundles = new Map<string, Bundle>();
const bundleOf = (region: string) => bundles.get(region) as Bundle;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-bundle-'));
  await Promise.all(REGIONS.map(async (region) => bundles.set(region, await bundle(region))));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** All of a deployment but the upload. */
async function bundle(region: string): Promise<Bundle> {
  const out = join(folder, region);
  const metafile = join(out, 'meta.json');
  const args = ['deploy', '--dry-run', '-c', 'edge/wrangler.jsonc', '--env', region];
  const options = { cwd: ROOT, env: wranglerEnv(out) };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [WRANGLER, ...args, '--outdir', out, '--metafile', metafile],
    options,
  );
  const { outputs } = JSON.parse(await readFile(metafile, 'utf8')) as {
    outputs: Record<string, { imports: unknown[] }>;
  };
  return {
    code: await readFile(join(out, 'worker.js')),
    imports: Object.values(outputs).flatMap(({ imports }) => imports),
    said: stdout,
  };
}

describe.each(REGIONS)('what wrangler deploys to %s', (region) => {
  it('is under 200 KiB minified', () => {
    const { code } = bundleOf(region);
    process.stdout.write(`worker of ${region}: ${code.length} bytes minified, ${gzipSync(code).length} gzipped\n`);
    expect(code.length).toBeLessThan(MOST_BYTES);
  });

  it('is one file that imports nothing, of Node least of all', () => {
    expect(bundleOf(region).imports).toEqual([]);
  });

  it('has the variables of its region, and nothing of the other', () => {
    const { said } = bundleOf(region);
    expect(said).toContain(`env.REGION ("${region}")`);
    for (const other of REGIONS.filter((each) => each !== region)) expect(said).not.toContain(other);
  });
});
