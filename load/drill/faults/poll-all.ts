import { INSURERS, type SpoilableRegion } from './start-spoilable.ts';

/** Longer than a collection that hangs, ms. */
const PATIENCE_MS = 40_000;

/** Has every insurer polled now; answers whether all were polled well. */
export async function pollAll(
  { url, operatorToken }: SpoilableRegion['aggregator'],
  signal: AbortSignal,
): Promise<boolean> {
  const outcomes = await Promise.all(
    INSURERS.map(async (insurer) => {
      const answer = await fetch(`${url}/v1/insurers/${insurer}/poll`, {
        method: 'POST',
        headers: { authorization: `Bearer ${operatorToken}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      });
      return ((await answer.json()) as { status?: string }).status;
    }),
  );
  return outcomes.every((status) => status === 'good');
}
