import type { Sql } from 'postgres';
import type { Span } from '../registers/span-of.ts';
import { inSpan, LEDGER_OPERATIONS, ofInsurer, REGISTER_OPERATIONS } from './operations.ts';
import { type DaySums, NO_SUMS, type OperationSums, type SumsByDay } from './sums.ts';

interface Row extends OperationSums {
  readonly day: string;
  readonly insurer: string;
  readonly operation: 'issued' | 'cancelled';
}

/** What ledger and registers say of each day of a span, each from its own rows; of all insurers or of one. */
export async function sumUpDays(
  sql: Sql,
  span: Span,
  insurer?: string,
): Promise<{ ledger: SumsByDay; register: SumsByDay }> {
  const sum = async (operations: string) => {
    const rows = await sql.unsafe<Row[]>(
      `select day, insurer, operation, count(*)::float8 as count, sum("premiumMinor")::float8 as "premiumMinor",
         sum("commissionMinor")::float8 as "commissionMinor"
       from (${operations}) o where ${ofInsurer(3)} group by day, insurer, operation`,
      [...inSpan(span), insurer ?? null] as never[],
    );
    return byDay(rows);
  };
  return { ledger: await sum(LEDGER_OPERATIONS), register: await sum(REGISTER_OPERATIONS) };
}

function byDay(rows: readonly Row[]): SumsByDay {
  const days = new Map<string, Map<string, DaySums>>();
  for (const { day, insurer, operation, count, premiumMinor, commissionMinor } of rows) {
    const insurers = days.get(day) ?? new Map<string, DaySums>();
    days.set(day, insurers);
    insurers.set(insurer, {
      ...(insurers.get(insurer) ?? NO_SUMS),
      [operation]: { count, premiumMinor, commissionMinor },
    });
  }
  return days;
}
