import { createTestEdge, type TestEdge } from '../edge.testing.ts';

export const QUOTE = '/v1/quotes/osago?kbm=3&months=12';
export const OTHER = '/v1/quotes/osago?kbm=4';
export const LOOK = '/internal/catalogue';
/** Two revisions of core's catalogue. */
export const [OLD, NEW] = ['0'.repeat(16), 'f'.repeat(16)];

/** An edge without limits over a core that tells OLD. */
export function startEdge(options: Parameters<typeof createTestEdge>[0] = {}): TestEdge {
  const edge = createTestEdge({ ...options, env: { ANONYMOUS_LIMIT_PER_SECOND: '100000' } });
  edge.core.revision = () => OLD;
  return edge;
}

/** One request and all that goes on behind it: the revision that its price is of, and what the edge says of it. */
export async function ask(edge: TestEdge, path = QUOTE) {
  const answer = await edge.get(path);
  await edge.settle();
  const { revision } = (await answer.json()) as { revision?: string };
  const said = (name: string) => answer.headers.get(name);
  return { revision, status: said('cache-status'), control: said('cache-control'), age: said('age') };
}

/** Requests every so often, for so long, ms: the revision of each price. */
export async function askFor(edge: TestEdge, { totalMs, everyMs = 100 }: { totalMs: number; everyMs?: number }) {
  const revisions: (string | undefined)[] = [];
  for (let ms = 0; ms < totalMs; ms += everyMs) {
    revisions.push((await ask(edge)).revision);
    edge.clock.advance(everyMs);
  }
  return revisions;
}

/** How many calls of core began so. */
export const callsTo = ({ core }: TestEdge, path: string): number => core.callsTo(path).length;
