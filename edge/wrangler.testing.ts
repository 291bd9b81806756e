import { join } from 'node:path';
import { OFFLINE_WRANGLER } from '../local/offline-wrangler.ts';

/** Not the launcher in .bin, which would end before its children do. */
export const WRANGLER = 'node_modules/wrangler/wrangler-dist/cli.js';

/** The environment of a wrangler that asks nothing of the network and writes into `folder` alone. */
export function wranglerEnv(folder: string): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH,
    HOME,
    ...OFFLINE_WRANGLER,
    CI: 'true',
    XDG_CONFIG_HOME: join(folder, 'config'),
    WRANGLER_LOG_PATH: join(folder, 'wrangler.log'),
  };
}
