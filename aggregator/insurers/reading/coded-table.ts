import { z } from 'zod';
import { Factor } from '#contracts/tariff.ts';
import { quoted } from '../../protocols/insurer-reply-error.ts';

/**
 * Coefficients under an insurer's own codes, as pairs, read as a table of the contract's values. An unknown code refuses
 * the reply: left out, it would read as declined. So does a code given twice, and a table without any.
 */
export function codedTable<Value extends string>(codes: Readonly<Record<string, Value>>) {
  const values = new Map(Object.entries(codes));
  return z.array(z.tuple([z.string(), Factor])).transform((pairs, ctx) => {
    const table: Partial<Record<Value, string>> = {};
    for (const [code, factor] of pairs) {
      const value = values.get(code);
      if (value === undefined) ctx.addIssue(`unknown code ${quoted(code)}`);
      else if (table[value] !== undefined) ctx.addIssue(`two coefficients for ${quoted(code)}`);
      else table[value] = factor;
    }
    if (pairs.length === 0) ctx.addIssue('must hold a coefficient');
    return table;
  });
}
