import { z } from 'zod';
import { codedTable } from './coded-table.ts';

/** A JSON object of coefficients by an insurer's own codes, read as a table of the contract's values. */
export function codedRecord<Value extends string>(
  codes: Readonly<Record<string, Value>>,
  coefficient: z.ZodType<string>,
) {
  return z
    .record(z.string(), coefficient)
    .transform((table) => Object.entries(table))
    .pipe(codedTable(codes));
}
