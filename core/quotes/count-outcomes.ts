import { Counter, type Registry } from 'prom-client';
import type { CoreContext } from '../context.ts';

/** Counts what became of each insurer in quotes: offered, declined, without a tariff, hidden. */
export function countOutcomes(registry: Registry): CoreContext['countOutcome'] {
  const outcomes = new Counter({
    name: 'quote_outcomes_total',
    help: 'What became of an insurer in a quote',
    labelNames: ['product', 'insurer', 'status'],
    registers: [registry],
  });
  return ({ product, insurer, status }) => outcomes.inc({ product, insurer, status });
}
