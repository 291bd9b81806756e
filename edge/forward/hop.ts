import type { EdgeContext } from '../context.ts';
import { type Circuit, createCircuit } from './circuit.ts';
import { createQueue, type Queue } from './queue.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

/** What core needs to answer: with its database away it still quotes. */
export const NEEDS = ['database', 'memory'] as const;
export type Need = (typeof NEEDS)[number];

/** What all calls of an isolate to core share. */
export interface Hop {
  /** One for each need: a database that is away must cost nobody a quote. */
  readonly circuits: Readonly<Record<Need, Circuit>>;
  readonly queue: Queue;
  readonly retries: RetryBudget;
}

export function createHop(ctx: Pick<EdgeContext, 'config' | 'now' | 'deadline' | 'log' | 'observe'>): Hop {
  const circuitOf = (need: Need) =>
    createCircuit({
      now: ctx.now,
      turned: (to) => {
        ctx.log.warn({ need, to }, 'the circuit to core has turned');
        ctx.observe({ kind: 'core-circuit', need, to });
      },
    });
  return {
    circuits: { database: circuitOf('database'), memory: circuitOf('memory') },
    queue: createQueue(ctx),
    retries: createRetryBudget(),
  };
}

const DATABASE = /^\/(v1\/policies|internal\/partners)(?![\w-])/;

/** What core needs for a call of this path and query. */
export const needOf = (target: string): Need => (DATABASE.test(target) ? 'database' : 'memory');
