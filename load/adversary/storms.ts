import type { Attack } from './attack.ts';

type Weather = Pick<Attack, 'writerProcesses' | 'delays' | 'faults' | 'harmEvery' | 'usurped' | 'patienceMs'>;

/** For many events: now and then everything happens. */
export const LONG: Weather = {
  writerProcesses: 4,
  delays: { share: 0.2, mostMs: 10 },
  faults: { cutBefore: 0.01, cutWithin: 0.01, cutAfter: 0.01, mostDelayMs: 15, handTwice: 0.05, mostRewind: 200 },
  harmEvery: 80,
  usurped: 0.1,
  patienceMs: 30_000,
};

/** For few: everything happens all the time. */
export const SHORT: Weather = {
  writerProcesses: 2,
  delays: { share: 0.4, mostMs: 30 },
  faults: { cutBefore: 0.04, cutWithin: 0.04, cutAfter: 0.04, mostDelayMs: 60, handTwice: 0.1, mostRewind: 100 },
  harmEvery: 60,
  usurped: 0.1,
  patienceMs: 2_000,
};
