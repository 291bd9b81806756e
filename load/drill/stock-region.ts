import postgres from 'postgres';
import { provision } from '#platform/postgres/provision.ts';
import { collectTariffs } from '../bench/rating/collect-tariffs.ts';
import { PARTNER, type RegionPlan } from './plan-region.ts';

/** Makes a region's database as production does, and puts in what aggregator and operator would have: tariffs, a partner. */
export async function stockRegion({ adminUrl, password }: RegionPlan): Promise<void> {
  const url = new URL(adminUrl);
  url.search = '';
  await provision(url.href, { core: password, settlement: password, aggregator: password });
  const tariffs = await collectTariffs(new Date());
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    for (const { insurer, product, version, asOf, commissionRateBps, terms } of tariffs) {
      await sql`
        insert into core.tariffs (insurer, product, version, as_of, commission_rate_bps, terms)
        values (${insurer}, ${product}, ${version}, ${asOf}, ${commissionRateBps}, ${sql.json(terms)})`;
      await sql`insert into core.insurers (id, polled_at) values (${insurer}, ${asOf}) on conflict do nothing`;
    }
    await sql`
      insert into core.partners (id, name, limit_per_second, commission_rate_bps, key_digests)
      values (${PARTNER.id}, 'The drill', 1000, ${PARTNER.commissionRateBps}, array[]::text[])`;
  } finally {
    await sql.end();
  }
}
