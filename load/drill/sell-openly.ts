import { setTimeout as timer } from 'node:timers/promises';
import type { Buyer } from './buyer.ts';

interface Selling {
  readonly policies: number;
  /** Kept whatever the answers take: an open loop, as buyers are. */
  readonly perSecond: number;
  readonly signal: AbortSignal;
  /** Called as each intent is done. */
  readonly done?: (waitedMs: number) => void;
}

/** Offers live a quarter of an hour; fresh ones are taken in good time, ms. */
const RESTOCK_MS = 120_000;

/** Carries out so many intents at an even pace; resolves when the last is acknowledged, rejects with the first refusal. */
export async function sellOpenly(buyer: Buyer, { policies, perSecond, signal, done }: Selling): Promise<void> {
  const failed = new AbortController();
  const begun = performance.now();
  let restockAt = begun + RESTOCK_MS;
  const sales: Promise<void>[] = [];
  for (let sale = 0; sale < policies; sale += 1) {
    const at = begun + (sale * 1_000) / perSecond;
    const until = AbortSignal.any([signal, failed.signal]);
    await timer(Math.max(0, at - performance.now()), undefined, { signal: until }).catch(() => undefined);
    if (until.aborted) break;
    if (performance.now() > restockAt) {
      restockAt += RESTOCK_MS;
      // A region that is down does not quote; the offers there are hold until the next try.
      buyer.stockUp().catch(() => undefined);
    }
    const sentAt = performance.now();
    const sold = buyer.carryOut(buyer.want()).then(() => done?.(performance.now() - sentAt));
    sold.catch((error: unknown) => failed.abort(error));
    sales.push(sold);
  }
  await Promise.all(sales);
  signal.throwIfAborted();
}
