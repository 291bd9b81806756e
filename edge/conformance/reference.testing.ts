import { createRequire } from 'node:module';
import type { TestProject } from 'vitest/node';
import type { Answer } from './exchange.testing.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The environment of the worker under test. */
    workerEnv: Record<string, string>;
    /** Where its region is told what happens to it. */
    happenUrl: string;
    /** What the edge on Node answers. */
    reference: Record<string, Answer[]>;
  }
}

// The project's loader resolves packages as workerd needs them. What runs in Node is loaded by Node itself.
const { openReference } = createRequire(import.meta.url)(
  './open-reference.testing.ts',
) as typeof import('./open-reference.testing.ts');

/** Before tests inside workerd: what Node answers, and a region around the worker, whose tests can open no port. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { answers, workerEnv, happenUrl, close } = await openReference();
  provide('reference', answers);
  provide('workerEnv', workerEnv);
  provide('happenUrl', happenUrl);
  return close;
}
