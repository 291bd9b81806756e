import type { Sql } from 'postgres';
import { createInsertPolicy } from '../../../core/policies/issue-statement.ts';
import { newSale } from './new-sale.ts';

/** Issues policies for all writers to amend at once. Answers their ids. */
export async function issueHotPolicies(
  sql: Sql,
  { count, random }: { count: number; random: () => number },
): Promise<string[]> {
  const insertPolicy = createInsertPolicy(sql);
  const sales = Array.from({ length: count }, (_, n) => newSale({ random, number: `HOT-${n}` }));
  return Promise.all(
    sales.map(async ({ issue, terms }) => {
      await insertPolicy(issue);
      await sql`insert into adversary.aggregates (id, version) values (${terms.policyId}, 1)`;
      return terms.policyId;
    }),
  );
}
