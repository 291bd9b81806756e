import { readFile } from 'node:fs/promises';
import type { DemoKeys } from './secrets.ts';

export interface DemoRegion {
  readonly name: string;
  readonly edge: string;
  readonly edgeMetrics: string;
  readonly core: string;
  readonly settlement: string;
  readonly aggregator: string;
}

/** What a running `npm start` tells about itself. */
export interface Demo {
  readonly regions: readonly DemoRegion[];
  readonly keys: DemoKeys;
  readonly insurers: string;
}

/** Reads `.local/demo.json`. Throws a sentence when nothing runs. */
export async function readDemo(): Promise<Demo> {
  const text = await readFile('.local/demo.json', 'utf8').catch(() => {
    throw new Error(
      'InsureTech does not run here (there is no .local/demo.json): run npm start in another terminal first',
    );
  });
  return JSON.parse(text) as Demo;
}
