import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Gslb } from '../../../k8s/gslb/read-regions.ts';
import { SERVICE, writeConfig } from '../../../k8s/gslb/write-config.ts';
import { type Daemon, startDaemon } from './start-daemon.ts';

const run = promisify(execFile);
const env = () => ({ PATH: `${process.env['PATH']}:/usr/sbin:/sbin` });

/** The name server of the regions, as it would be deployed. */
export interface Gdnsd extends Daemon {
  readonly stateDir: string;
  /** Whether an address is in the answers, and whether its probes say so. */
  stateOf(address: string): Promise<{ readonly isUp: boolean; readonly isUpByProbes: boolean }>;
}

/** Writes what `npm run gslb -- generate` writes, for a place of its own. Answers the folder of the configuration. */
export async function writeGdnsd(gslb: Gslb, dir: string): Promise<{ configDir: string; stateDir: string }> {
  const [configDir, stateDir, runDir] = ['config', 'state', 'run'].map((name) => join(dir, 'gdnsd', name)) as [
    string,
    string,
    string,
  ];
  for (const [name, text] of Object.entries(
    writeConfig(gslb, { nameServer: gslb.nameServers[0]?.name ?? '', stateDir, runDir }),
  )) {
    const file = join(configDir, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await mkdir(stateDir, { recursive: true });
  return { configDir, stateDir };
}

/** Starts gdnsd, which probes each region once before it answers. */
export async function startGdnsd(gslb: Gslb, dir: string): Promise<Gdnsd> {
  const { configDir, stateDir } = await writeGdnsd(gslb, dir);
  const control = (action: string) => run('gdnsdctl', ['-c', configDir, '-o', action], { env: env() });
  const isReady = () =>
    control('status').then(
      () => true,
      () => false,
    );
  const daemon = await startDaemon({ command: 'gdnsd', args: ['-c', configDir, 'start'], isReady });
  return {
    ...daemon,
    stateDir,
    async stateOf(address) {
      const { stdout } = await control('states');
      const states = JSON.parse(stdout) as Record<string, { state: string; real_state: string }>;
      const found = states[`${address}/${SERVICE}`];
      if (!found) throw new Error(`gdnsd does not know ${address}: ${stdout}`);
      // Forced states are told with an exclamation mark.
      const isUp = (state: string) => state.startsWith('UP');
      return { isUp: isUp(found.state), isUpByProbes: isUp(found.real_state) };
    },
    [Symbol.asyncDispose]: daemon[Symbol.asyncDispose],
  };
}

/** Rejects with gdnsd's own words when it does not take a configuration. */
export async function checkConfig(configDir: string): Promise<void> {
  await run('gdnsd', ['-c', configDir, '-S', 'checkconf'], { env: env() }).catch((error: { stderr: string }) => {
    throw new Error(error.stderr);
  });
}
