import { z } from 'zod';

/** A contract's word on a command line, with a sentence of what is allowed in place of its pattern. */
export const word = (schema: z.ZodType, allowed: string) =>
  z.string().refine((text) => schema.safeParse(text).success, allowed);
