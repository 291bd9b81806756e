import { parentPort, workerData } from 'node:worker_threads';
import { FAULTS } from './faults/faults.ts';
import { type Seeds, sweep } from './sweep.ts';

/** What a thread is asked: seeds, and the name of a fault if one is planted. */
export interface Asked {
  readonly seeds: Seeds;
  readonly fault?: string | undefined;
}

/** Runs between two words of progress. */
const EVERY = 100;

const { seeds, fault } = workerData as Asked;
let runs = 0;
const onRun = () => {
  runs += 1;
  if (runs % EVERY === 0) parentPort?.postMessage({ runs: EVERY });
};
const planted = FAULTS.find(({ name }) => name === fault);
parentPort?.postMessage({ swept: await sweep(seeds, { fault: planted, onRun }) });
