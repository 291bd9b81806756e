import type { Quote } from '#contracts/quote.ts';
import { DEMO_RISK } from '../../../local/load-demo.ts';
import { waitUntil } from '../kubernetes/wait-until.ts';
import { INSURERS, type SpoilableRegion } from './start-spoilable.ts';

/** Resolves once every insurer is in a quote. */
export async function quotesAll({ edge }: SpoilableRegion, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  const ask = async () => {
    attempt += 1;
    // A car that no cache knows.
    const risk = DEMO_RISK.replace('powerHp=110', `powerHp=${100 + attempt / 100}`);
    const answer = await fetch(`${edge}/v1/quotes/osago?${risk}`, { signal });
    return answer.ok && ((await answer.json()) as Quote).insurers.length >= INSURERS.length;
  };
  await waitUntil(ask, { signal, what: 'quote with every insurer', mostSeconds: 60, everyMs: 200 });
}
