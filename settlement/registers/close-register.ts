import { and, eq } from 'drizzle-orm';
import type { FieldError } from '#contracts/problem.ts';
import type { ClosedRegister, CloseRequest } from '#contracts/register.ts';
import { DomainError } from '#platform/problem/domain-error.ts';
import type { SettlementContext } from '../context.ts';
import { type Closing, findClosing, type RegisterName } from './find-closing.ts';
import { findFindings } from './find-findings.ts';
import { toTotals } from './register-totals.ts';
import { requireInsurer } from './require-insurer.ts';
import { spanOf } from './span-of.ts';
import { registerClosings } from './table.ts';
import { sumUp } from './write-register.ts';

type Context = Pick<SettlementContext, 'sql' | 'db' | 'now' | 'region' | 'log' | 'metrics'>;

/** 409: each finding is named in `errors`. */
class RegisterNotReady extends DomainError {
  constructor({ insurer, period }: RegisterName, findings: readonly FieldError[]) {
    const said = findings.map(({ message }) => message).join('; ');
    super('register-not-ready', `Cannot close the register of ${insurer} for ${period}: ${said}`, { errors: findings });
  }
}

/**
 * Closes a register: from then on it takes no line, what comes late stands in the next open month, and its digest says what
 * was sent. In two steps, so that no booking waits for a million lines: first it takes no more, then it is counted; a
 * crash between them is made good by the next call. Closed before, it answers as it was closed. Throws NotFound for an
 * insurer that never had a line, and RegisterNotReady when something speaks against it and it is not forced; a month
 * that has not begun is never closed.
 */
export async function closeRegister(ctx: Context, name: RegisterName, request: CloseRequest): Promise<ClosedRegister> {
  await requireInsurer(ctx, name.insurer);
  if (!(await findClosing(ctx, name))) await begin(ctx, name, request);
  return toClosed(await finish(ctx, name));
}

async function begin(ctx: Context, name: RegisterName, { by, force, reason }: CloseRequest): Promise<void> {
  const { from } = spanOf(name.period);
  if (ctx.now() < from) {
    throw new RegisterNotReady(name, [{ field: 'period', message: `${name.period} has not begun` }]);
  }
  const findings = await findFindings(ctx, name);
  if (findings.length > 0 && !force) {
    ctx.metrics.countClose('refused');
    throw new RegisterNotReady(name, findings);
  }
  const row = { ...name, status: 'closing' as const, closedAt: ctx.now().toISOString(), closedBy: by };
  const forced = { reason: reason ?? null, findings: findings.map(({ message }) => message) };
  const made = await ctx.db
    .insert(registerClosings)
    .values({ ...row, ...forced })
    .onConflictDoNothing()
    .returning({ insurer: registerClosings.insurer });
  if (made.length === 0) return;
  if (findings.length > 0)
    ctx.log.warn({ ...name, by, why: reason, findings: forced.findings }, 'register closed by force');
}

/** Counts what is closed. Two at once come to the same, because its lines do not change any more. */
async function finish(ctx: Context, name: RegisterName): Promise<Required<Closing>> {
  const closing = await findClosing(ctx, name);
  if (closing?.final) return { ...closing, final: closing.final };
  const { digest, sum } = await sumUp(ctx, name);
  const isIt = and(eq(registerClosings.insurer, name.insurer), eq(registerClosings.period, name.period));
  const closed = await ctx.db
    .update(registerClosings)
    .set({ status: 'closed', digest, ...sum })
    .where(and(isIt, eq(registerClosings.status, 'closing')))
    .returning({ insurer: registerClosings.insurer });
  if (closed.length > 0) {
    ctx.metrics.countClose('closed');
    ctx.log.info({ ...name, digest, ...sum }, 'register closed');
  }
  const found = await findClosing(ctx, name);
  if (!found?.final)
    throw new Error(`The register of ${name.insurer} for ${name.period} could not be closed, and is not`);
  return { ...found, final: found.final };
}

function toClosed({ closedAt, closedBy, reason, findings, final, ...name }: Required<Closing>): ClosedRegister {
  return {
    insurer: name.insurer,
    period: name.period,
    status: 'closed',
    closedAt,
    closedBy,
    digest: final.digest,
    totals: toTotals(final.sum),
    ...(findings.length > 0 && { forced: { reason: reason ?? '', findings: [...findings] } }),
  };
}
