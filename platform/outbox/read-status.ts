import type { Sql } from 'postgres';
import type { Topic } from '#contracts/topics.ts';

/** A partition of the outbox, whether a relay is alive or not. */
export interface PartitionStatus {
  readonly partition: number;
  /** 0 as long as no relay has ever taken it. */
  readonly epoch: number;
  /** Events acknowledged, each counted once. */
  readonly sequence: number;
  /** Events committed and not acknowledged. */
  readonly backlog: number;
  /** When the first of the backlog happened; null when there is none. */
  readonly oldestAt: string | null;
}

export interface OutboxStatus {
  readonly backlog: number;
  readonly oldestAt: string | null;
  readonly partitions: readonly PartitionStatus[];
}

interface StatusOptions {
  readonly schema: string;
  readonly topic: Topic;
  /** Rows counted of a partition at most, for a caller who must not take long; absent: all. */
  readonly most?: number;
}

/** Counted over what the cursor does not cover, as the relay reads it: two index ranges, less what its window has sent. */
const STATUS = `
select p.partition, coalesce(c.epoch, 0)::float8 as epoch, coalesce(c.sequence, 0)::float8 as sequence,
  u.backlog::float8 as backlog, to_char(o.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "oldestAt"
from (select n::smallint as partition from generate_series(0, $1::int - 1) as n) p
left join %schema%.outbox_position c on c.partition = p.partition
cross join lateral (select coalesce(c.done, '1:1:') as done) d
cross join lateral (
  select count(*) as backlog, min(x.id) as first_id from (
    select y.id from (
      select a.id, a.xid from %schema%.outbox a where a.partition = p.partition and a.xid >= pg_snapshot_xmax(d.done)
      union all
      select b.id, b.xid from %schema%.outbox b
      where b.partition = p.partition and b.xid = any(array(select pg_snapshot_xip(d.done)))
    ) y
    where c.win is null or y.id > c.last_id or not pg_visible_in_snapshot(y.xid, c.win)
    limit $2::bigint
  ) x
) u
left join %schema%.outbox o on o.id = u.first_id
order by p.partition`;

/** How far the outbox is sent. Needs no relay. */
export async function readStatus(sql: Sql, { schema, topic, most }: StatusOptions): Promise<OutboxStatus> {
  const partitions = await sql.unsafe<PartitionStatus[]>(STATUS.replaceAll('%schema%', schema), [
    topic.partitions,
    most ?? null,
  ] as never[]);
  const backlog = partitions.reduce((sum, partition) => sum + partition.backlog, 0);
  const oldest = partitions.flatMap(({ oldestAt }) => oldestAt ?? []).toSorted();
  return { backlog, oldestAt: oldest[0] ?? null, partitions: [...partitions] };
}
