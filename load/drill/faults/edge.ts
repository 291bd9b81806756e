import type { Met } from './met.ts';
import type { Kind } from './names.ts';

/** The region's door, as one that times its callers. */
export interface Edge {
  /** Never rejects: what brings no answer has status 0. */
  call(kind: Kind, path: string, init: RequestInit): Promise<Met & { readonly text: string }>;
}

/** Longer than any answer may take, ms: who waits for so long has hung. */
const PATIENCE_MS = 30_000;

export function openEdge(url: string): Edge {
  return {
    async call(kind, path, init) {
      const startedAt = performance.now();
      const met = (found: Omit<Met, 'kind' | 'startedAt' | 'ms'>) => ({
        ...{ kind, startedAt, ms: performance.now() - startedAt },
        ...found,
      });
      try {
        const answer = await fetch(url + path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
        const text = await answer.text();
        const { status, headers } = answer;
        const isProblem = headers.get('content-type')?.startsWith('application/problem+json') ?? false;
        return { ...met({ status, retryAfter: headers.get('retry-after'), isProblem }), text };
      } catch (error) {
        const { message, cause } = error as Error;
        return {
          ...met({ status: 0, error: cause instanceof Error ? cause.message : message, isProblem: false }),
          text: '',
        };
      }
    },
  };
}
