import { type Context, Hono } from 'hono';
import type { Book, Simulator } from '../simulator.ts';
import type { Fault } from './faults.ts';

type Answer = (c: Context) => Response | Promise<Response>;

/** A simulated insurer as it is now: what it sells, how it answers by that, and what is wrong with it. */
export interface StagedInsurer {
  readonly simulator: Simulator;
  readonly book: Book;
  readonly answer: Answer;
  fault: Fault | undefined;
}

/** An insurer as it begins, without a fault. */
export function stageInsurer(simulator: Simulator): StagedInsurer {
  const book = simulator.book();
  return { simulator, book, answer: answerFrom(simulator, book), fault: undefined };
}

/** The answers of an insurer under its id that sells what `book` holds. */
export function answerFrom({ id, serve }: Simulator, book: Book): Answer {
  // Not mount(): what an insurer tells of its own address, a WSDL for one, must have the id in it.
  const app = new Hono().route(`/${id}`, serve(book));
  return (c) => app.fetch(c.req.raw, c.env);
}

/** The fault that this request meets; one that is for so many requests is gone after the last of them. */
export function takeFault(insurer: StagedInsurer): Fault | undefined {
  const { fault } = insurer;
  if (fault?.times !== undefined) insurer.fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : undefined;
  return fault;
}
