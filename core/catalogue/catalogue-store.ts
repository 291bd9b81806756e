import { sql } from 'drizzle-orm';
import type { Db } from '#platform/postgres/open-postgres.ts';
import { storeOf } from '#platform/postgres/store-of.ts';
import { catalogueStores, insurers } from './table.ts';

/**
 * The name of this database as a reader of `tariffs.v1`. One whose catalogue is empty gets a new name, so that the broker
 * hands it the compacted topic from the beginning; another keeps its own and goes on where its replicas stand. Put back to
 * an earlier point it has lost some of what the broker has noted as read, and reads all again.
 */
export async function catalogueStore(db: Db): Promise<string> {
  const renamed = sql`case when exists (select from ${insurers}) then ${catalogueStores.id} else excluded.id end`;
  const [row] = await db
    .insert(catalogueStores)
    .values({ id: sql`gen_random_uuid()` })
    .onConflictDoUpdate({ target: catalogueStores.only, set: { id: renamed } })
    .returning({ id: catalogueStores.id });
  if (!row) throw new Error('The database has no name for its catalogue');
  const life = await storeOf(db);
  return life === undefined ? row.id : `${row.id}.${life}`;
}
