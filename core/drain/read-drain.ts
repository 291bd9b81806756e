import type { Drain } from '#contracts/drain.ts';
import type { CoreContext } from '../context.ts';
import { drain } from './table.ts';

/** Whether this region is drained. */
export async function readDrain({ db }: Pick<CoreContext, 'db'>): Promise<Drain> {
  const [row] = await db.select().from(drain);
  if (!row) return { drained: false, since: null, reason: null };
  return { drained: true, since: new Date(row.since).toISOString(), reason: row.reason };
}
