import type { Sql } from 'postgres';

/** Every transaction of the ledger with its postings, as one text each, by event. */
export async function readLedger(sql: Sql): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; entry: string }[]>`
    select t.event_id as id,
      to_jsonb(t)::text || coalesce(jsonb_agg(to_jsonb(p) order by p.account)::text, '') as entry
    from settlement.ledger_transactions t left join settlement.ledger_postings p using (event_id)
    group by t.event_id, t.*`;
  return new Map(rows.map(({ id, entry }) => [id, entry]));
}

/** What of `before` is not there any more, or not as it was. */
export function missingFrom(now: ReadonlyMap<string, string>, before: ReadonlyMap<string, string>): string[] {
  return [...before].flatMap(([id, entry]) => {
    if (now.get(id) === entry) return [];
    return [`the ledger's entry of event ${id} ${now.has(id) ? 'is another' : 'is gone'}`];
  });
}
