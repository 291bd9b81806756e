import type { Journey } from '../scenarios.ts';
import { CANCEL } from './cancel.ts';
import { ISSUE } from './issue.ts';
import { LIST } from './list.ts';
import { QUOTE } from './quote.ts';
import { READ } from './read.ts';
import { REPEAT } from './repeat.ts';
import type { Step } from './step.ts';

/** The requests of each journey, one after another; after a wrong answer it ends. */
export const JOURNEYS: Readonly<Record<Journey, readonly Step[]>> = {
  quote: [QUOTE],
  buy: [QUOTE, ISSUE],
  sale: [QUOTE, ISSUE, REPEAT, READ, LIST, CANCEL],
};
