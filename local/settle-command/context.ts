import type { OperatorApi } from '../find-service.ts';
import type { Terminal } from '../terminal.ts';

/** All that a verb may touch. */
export interface SettleContext extends Terminal {
  readonly settlement: OperatorApi;
}
