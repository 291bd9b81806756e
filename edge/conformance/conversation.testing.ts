import { CALLERS } from './callers.testing.ts';
import type { Exchange } from './exchange.testing.ts';
import { ODD_REQUESTS } from './odd-requests.testing.ts';
import { OUTAGES } from './outages.testing.ts';
import { PAGES } from './pages.testing.ts';
import { READS } from './reads.testing.ts';
import { WRITES } from './writes.testing.ts';

/** All that is asked, in this order: what is cached by one exchange is there for the next, and core ends with the last. */
export const CONVERSATION: readonly Exchange[] = [
  ...READS,
  ...PAGES,
  ...CALLERS,
  ...WRITES,
  ...ODD_REQUESTS,
  ...OUTAGES,
];
