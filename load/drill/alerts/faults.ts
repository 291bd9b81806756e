import type { Fault } from './fault.ts';
import { coreFaults } from './faults/of-core.ts';
import { eventFaults } from './faults/of-events.ts';
import { insurerFaults } from './faults/of-insurers.ts';
import { limitFaults } from './faults/of-limits.ts';
import { processFaults } from './faults/of-processes.ts';
import type { TroubleName } from './trouble-names.ts';

/** How each is made, and what must tell it. */
export const FAULTS: Readonly<Record<TroubleName, Fault>> = {
  ...processFaults,
  ...coreFaults,
  ...limitFaults,
  ...eventFaults,
  ...insurerFaults,
};
