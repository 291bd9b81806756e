import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A k6 that runs these scripts. */
export interface K6 {
  readonly command: string;
  /** Such as `1.8.1`. */
  readonly version: string;
}

/** The first one of these commands that runs and is new enough: TypeScript needs k6 1; undefined when there is none. */
export async function findK6(commands: readonly string[]): Promise<K6 | undefined> {
  for (const command of commands) {
    const said = await run(command, ['version']).catch(() => undefined);
    const [, version, major] = /v((\d+)\.\d+\.\d+)/.exec(said?.stdout ?? '') ?? [];
    if (version !== undefined && Number(major) >= 1) return { command, version };
  }
  return undefined;
}
