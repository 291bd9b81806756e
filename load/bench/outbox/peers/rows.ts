import type { Sql } from 'postgres';
import { POLICIES } from '#contracts/topics.ts';
import { DATA } from '../stand.ts';

/** Events of a policy, so near to one another that whoever sends several at once may change their order. */
export const VERSIONS = 12;
/** Policies whose events alternate. */
const ABREAST = 10;
/** Rows of one statement. */
const ROWS = 12_000;

/** Appends events to core's outbox: a dozen of each policy, ten rows apart, in the order of their versions. */
export async function appendVersions(sql: Sql, count: number): Promise<void> {
  for (let from = 0; from < count; from += ROWS) {
    await sql`
      insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, traceparent, data)
      select policy % ${POLICIES.partitions}, 'msk-' || id, gen_random_uuid(), 'msk-' || id, version, 'policy.issued.v1', now(),
        '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', ${DATA}
      from (
        select n, policy, md5(policy::text)::uuid as id, (n / ${ABREAST}::int) % ${VERSIONS}::int + 1 as version
        from generate_series(${from}::int, ${Math.min(count, from + ROWS) - 1}::int) as n,
          lateral (select n / ${ABREAST * VERSIONS}::int * ${ABREAST}::int + n % ${ABREAST}::int as policy) as p
      ) as made order by n`;
  }
}
