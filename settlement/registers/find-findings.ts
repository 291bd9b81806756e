import type { FieldError } from '#contracts/problem.ts';
import type { SettlementContext } from '../context.ts';
import { findDiffering } from '../reconciliation/find-differing.ts';
import { inOneSnapshot } from '../reconciliation/in-one-snapshot.ts';
import { sumUpDays } from '../reconciliation/sum-up-days.ts';
import { readToldDays } from '../reconciliation/told-days.ts';
import type { RegisterName } from './find-closing.ts';
import { spanOf } from './span-of.ts';

type Context = Pick<SettlementContext, 'sql' | 'now' | 'region'>;

/** Named of many dead letters or days: an operator begins with the first. */
const MOST_NAMED = 5;

/**
 * What speaks against closing a register now: its month is not over, events may be missing (a partition is stopped, core has
 * not told a day, or a day does not agree with core), or dead letters may belong to it. Empty when nothing does.
 */
export async function findFindings(ctx: Context, name: RegisterName): Promise<FieldError[]> {
  const { to } = spanOf(name.period);
  const isOver = to <= ctx.now();
  const notOver = { field: 'period', message: `${name.period} is not over: it ends at ${to.toISOString()}` };
  return [
    ...(isOver ? [] : [notOver]),
    ...(await findStopped(ctx)),
    ...(await findDeadLetters(ctx, name)),
    ...(await findUnreconciled(ctx, name)),
  ];
}

async function findStopped({ sql, region }: Context): Promise<FieldError[]> {
  const rows = await sql<{ topic: string; partition: number; reason: string; at: string }[]>`
    select topic, partition, stopped_reason as reason, stopped_at as at from settlement.positions
    where region = ${region} and stopped_at is not null order by topic, partition`;
  return rows.map(({ topic, partition, reason, at }) => ({
    field: 'gaps',
    message: `partition ${partition} of ${topic} is stopped since ${new Date(at).toISOString()} (${reason}): replay the outbox`,
  }));
}

/** Those that say another insurer or a later month are not its own; what says nothing may be anybody's. */
async function findDeadLetters({ sql }: Context, { insurer, period }: RegisterName): Promise<FieldError[]> {
  const rows = await sql<{ id: string }[]>`
    select id::text as id from settlement.dead_letters
    where status = 'parked' and coalesce(insurer, ${insurer}) = ${insurer}
      and (occurred_at is null or occurred_at < ${spanOf(period).to.toISOString()}::text::timestamptz)
    order by dead_letters.id`;
  if (rows.length === 0) return [];
  return [
    {
      field: 'deadLetters',
      message: `${count(rows.length, 'dead letter')} may belong to it: ${named(rows.map(({ id }) => id))}`,
    },
  ];
}

async function findUnreconciled({ sql, now }: Context, { insurer, period }: RegisterName): Promise<FieldError[]> {
  const span = spanOf(period);
  const { missing, differing } = await inOneSnapshot(sql, async (tx) => {
    const told = await readToldDays(tx, span, now());
    return { missing: told.missing, differing: findDiffering(told.days, await sumUpDays(tx, span, insurer), insurer) };
  });
  const days = differing.map(({ day }) => day);
  return [
    ...(missing.length === 0 ? [] : [{ field: 'gaps', message: `core has not closed ${named(missing)} yet` }]),
    ...(days.length === 0
      ? []
      : [
          {
            field: 'gaps',
            message: `${named(days)} ${days.length === 1 ? 'does' : 'do'} not agree with core: see GET /v1/reconciliation?period=${period}`,
          },
        ]),
  ];
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;

const named = (names: readonly string[]) =>
  `${names.slice(0, MOST_NAMED).join(', ')}${names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''}`;
