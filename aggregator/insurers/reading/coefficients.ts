import { z } from 'zod';
import { codedTable } from './coded-table.ts';

/** A list of coefficients, each with the insurer's own code, read as a table of the contract's values. */
export function coefficients<Value extends string>(codes: Readonly<Record<string, Value>>) {
  return z
    .array(z.object({ code: z.string(), factor: z.string() }))
    .transform((rows) => rows.map(({ code, factor }): [string, string] => [code, factor]))
    .pipe(codedTable(codes));
}
