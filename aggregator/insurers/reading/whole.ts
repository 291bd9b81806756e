import { z } from 'zod';

/** The text of a whole number of at most 12 digits: a count, years, or a sum in its least unit. */
export const whole = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})$/, 'must be a whole number')
  .transform(Number);
