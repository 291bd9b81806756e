import type { Product } from '#contracts/words.ts';
import type { SettlementContext } from '../context.ts';

/** A register line as it is stored; times are RFC 3339 in UTC, amounts kopecks. */
export interface LineRow {
  readonly eventId: string;
  readonly operation: 'issued' | 'cancelled';
  readonly operatedAt: string;
  readonly isLate: boolean;
  readonly product: Product;
  readonly policyNumber: string;
  readonly contractDate: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly premiumMinor: number;
  readonly commissionRateBps: number;
  readonly commissionMinor: number;
  readonly partner: string;
  readonly tariffVersion: number;
}

/** Small, so that garbage never piles up: 1,000 at once took twice the memory, and were no faster. */
const PAGE_ROWS = 250;

/**
 * The lines of a register, page by page, in its order: contract date, policy number, a sale before its cancellation. Each
 * page begins after the last row of the one before, so nothing is held open for a slow reader; to an open register a line
 * may come meanwhile.
 */
export async function* readLines(
  { sql }: Pick<SettlementContext, 'sql'>,
  { insurer, period }: { insurer: string; period: string },
): AsyncGenerator<LineRow[]> {
  let after = { contractDate: '-infinity', policyNumber: '', rank: 0, eventId: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const page = await sql<LineRow[]>`
      select event_id as "eventId", operation, is_late as "isLate", product, policy_number as "policyNumber",
        to_char(operated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "operatedAt",
        to_char(contract_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "contractDate",
        starts_on::text as "startsOn", ends_on::text as "endsOn", premium_minor::float8 as "premiumMinor",
        commission_rate_bps as "commissionRateBps", commission_minor::float8 as "commissionMinor", partner,
        tariff_version as "tariffVersion"
      from settlement.register_lines
      where insurer = ${insurer} and period = ${period} and contract_date >= ${after.contractDate}::text::timestamptz
        and (contract_date, policy_number collate "C", (operation = 'cancelled')::int, event_id)
          > (${after.contractDate}::text::timestamptz, ${after.policyNumber}, ${after.rank}::int, ${after.eventId}::uuid)
      order by contract_date, policy_number collate "C", (operation = 'cancelled')::int, event_id
      limit ${PAGE_ROWS}`;
    const last = page.at(-1);
    if (last) yield page;
    if (!last || page.length < PAGE_ROWS) return;
    const { contractDate, policyNumber, eventId } = last;
    after = { contractDate, policyNumber, rank: last.operation === 'cancelled' ? 1 : 0, eventId };
  }
}
