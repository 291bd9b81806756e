import type { TermsOf } from '#contracts/tariff.ts';
import type { Product } from '#contracts/words.ts';

/** A product and its terms. Rates in kopecks or per mille, as the contract's terms say. */
type Terms = { [P in Product]: { product: P; terms: TermsOf<P> } }[Product];

/** A tariff as read from an insurer, before it gets a version. Commission in basis points. */
export type CollectedTariff = Terms & { commissionRateBps: number };

/** All that an adapter may touch. */
export interface InsurerContext {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Bounds the whole collection in time; its reason is what `collect` then throws. */
  signal: AbortSignal;
  /** The longest single reply that is read, bytes after decompression. */
  maxBytes: number;
  /** Picks the rates in force: insurers list ended and coming ones as well. */
  now: () => Date;
}

/**
 * An insurer's dialect, behind one port. `collect` reads every tariff the insurer sells now (OSAGO always, another
 * product only while it is sold), each whole and of one edition, or throws: InsurerReplyError for what the insurer did
 * wrong, the signal's reason when it was stopped. `baseUrl` has no trailing slash.
 */
export interface Insurer {
  id: string;
  protocol: 'rest' | 'soap' | 'graphql';
  collect(ctx: InsurerContext, baseUrl: string): Promise<CollectedTariff[]>;
}
