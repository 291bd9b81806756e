import { z } from 'zod';
import { integer } from './read-body.ts';

/** How many requests it lasts; until removed where absent. */
const times = integer({ min: 1, max: 1_000_000 }).optional();

const plain = <Name extends string>(fault: Name) => z.strictObject({ fault: z.literal(fault), times });

const FAULTS = [
  z.strictObject({ fault: z.literal('slow'), delayMs: integer({ min: 1, max: 120_000 }).default(3_000), times }),
  plain('hang'),
  plain('500'),
  z.strictObject({
    fault: z.literal('429'),
    retryAfterSeconds: integer({ min: 0, max: 86_400 }).default(5),
    times,
  }),
  plain('reset'),
  plain('truncated'),
  plain('huge'),
  plain('wrong-schema'),
  plain('absurd-price'),
  plain('wrong-content-type'),
] as const;

/** The names of the faults, as they are told to who asks for another. */
export const FAULT_NAMES = FAULTS.map((fault) => fault.shape.fault.value);

/** What an insurer does wrong to every request of its own routes, and for how many of them. */
export const Fault = z.discriminatedUnion('fault', FAULTS, { error: `must be one of ${FAULT_NAMES.join(', ')}` });
export type Fault = z.infer<typeof Fault>;
