import { Product } from '#contracts/words.ts';
import { anyQuery } from '../../../bench/rating/any-query.ts';
import type { HttpRequest } from './send.ts';

/** Risks that are asked for again and again, out of all; the others are new each time. */
const KNOWN = 60;
const SHARE_KNOWN = 0.8;

/** Makes questions for a price: some are answered out of the cache, some cost core a rating. */
export function createQuestions({ random, today }: { random: () => number; today: string }): () => HttpRequest {
  const make = (): HttpRequest => {
    const product = Product.options[Math.floor(random() * Product.options.length)] ?? 'osago';
    return { method: 'GET', path: `/v1/quotes/${product}?${anyQuery(product, { random, today })}`, headers: {} };
  };
  const known = Array.from({ length: KNOWN }, make);
  return () => {
    const asked = known[Math.floor(random() * known.length)];
    return asked && random() < SHARE_KNOWN ? asked : make();
  };
}
