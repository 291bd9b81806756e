import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './start-program.ts';

const run = promisify(execFile);

/** What is deployed to Cloudflare: a module, and the day whose behaviour of the runtime it was written for. */
export interface Bundle {
  readonly file: string;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
}

/** What keeps wrangler from asking anything of the network. */
const OFFLINE = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  CI: 'true',
};

/** Makes the edge's bundle in a folder, minified, as `wrangler deploy` would send it. */
export async function bundleWorker(folder: string): Promise<Bundle> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, ...OFFLINE, XDG_CONFIG_HOME: folder, WRANGLER_LOG_PATH: join(folder, 'wrangler.log') };
  const command = ['node_modules/wrangler/wrangler-dist/cli.js', 'deploy', '--dry-run', '--minify'];
  const args = [...command, '-c', 'edge/wrangler.jsonc', '--outdir', folder];
  await run(process.execPath, args, { cwd: ROOT, env }).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`wrangler did not bundle the edge: ${error.stderr || error.stdout || error.message}`);
  });
  const config = await readFile(join(ROOT, 'edge/wrangler.jsonc'), 'utf8');
  const compatibilityDate = /"compatibility_date":\s*"([\d-]+)"/.exec(config)?.[1];
  if (!compatibilityDate) throw new Error('edge/wrangler.jsonc has no compatibility_date');
  const flags = /"compatibility_flags":\s*(\[[^\]]*\])/.exec(config)?.[1] ?? '[]';
  return { file: join(folder, 'worker.js'), compatibilityDate, compatibilityFlags: JSON.parse(flags) as string[] };
}
