import type { Order, Seen } from './crowd.ts';
import { PARTS, type Part, type Region } from './region.ts';
import type { Crowd } from './start-crowd.ts';

/** What a region was asked for at one rate, what came of it, and what that cost. */
export interface Step extends Seen {
  /** Processor time, s. */
  readonly spent: Readonly<Record<Part | 'crowd', number>>;
}

/** Lets the crowd carry out an order and weighs who worked for it. */
export async function takeStep(
  { region, crowd }: { region: Region; crowd: Crowd },
  order: Omit<Order, 'port' | 'keys'>,
): Promise<Step> {
  const before = await region.spent();
  const seen = await crowd.carryOut({ port: region.port, keys: region.keys, ...order });
  const after = await region.spent();
  const spent = Object.fromEntries(PARTS.map((part) => [part, after[part] - before[part]])) as Record<Part, number>;
  return { ...seen, spent: { ...spent, crowd: seen.cpuSeconds } };
}
