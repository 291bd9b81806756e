import type { Bench } from '../bench.ts';
import { memory } from './memory.ts';
import { quotes } from './quotes.ts';

/** What a quote costs without HTTP, and what core holds in memory; needs nothing that runs. */
export const rating: Bench = async (ctx) => [...(await quotes(ctx)), ...(await memory(ctx))];
