import type { Sql } from 'postgres';
import { wait } from '#platform/lifecycle/wait.ts';
import { createInsertPolicy, type InsertPolicy } from '../../../core/policies/issue-statement.ts';
import type { TakeNumber } from '../../../core/policies/take-number.ts';
import { amend } from './amend.ts';
import { cancelSale } from './cancel-sale.ts';
import { newSale, type Sale } from './new-sale.ts';

export interface WriterContext {
  readonly sql: Sql;
  readonly random: () => number;
  /** Shared with another writer, so that their policies are gathered into one statement. */
  readonly insertPolicy: InsertPolicy;
  readonly takeNumber: TakeNumber;
  /** Policies that all writers amend. */
  readonly hot: readonly string[];
  /** Says that an event is committed. */
  readonly acknowledge: (aggregateId: string, version: number) => void;
  readonly signal: AbortSignal;
}

type Step = (ctx: WriterContext) => Promise<void>;

/** Dice from 0 to 1: the first that it is below. */
const STEPS: readonly (readonly [below: number, step: Step])[] = [
  [0.58, sell],
  [0.66, sellAndRollBack],
  [0.74, sellAndCancelAtOnce],
  [0.84, cancelWithOlderXid],
  [1, amendHot],
];

/** One after another until stopped. Rejects at the first failure that is not on purpose. */
export async function write(ctx: WriterContext): Promise<void> {
  while (!ctx.signal.aborted) {
    const dice = ctx.random();
    const [, step] = STEPS.find(([below]) => dice < below) ?? [1, sell];
    await step(ctx);
  }
}

const sale = async ({ random, takeNumber }: WriterContext) => newSale({ random, number: await takeNumber() });
const MOST_SALES = 4;
const CANCELLED_SHARE = 0.6;

/** Some policies at once, and two who cancel while it is issued. */
async function sell(ctx: WriterContext): Promise<void> {
  const sales = await Promise.all(Array.from({ length: 1 + Math.floor(ctx.random() * MOST_SALES) }, () => sale(ctx)));
  await Promise.all(
    sales.map(async (sold) => {
      const rivals = ctx.random() < CANCELLED_SHARE ? 2 : 0;
      const state = { cancelled: false };
      await Promise.all([
        issue(ctx, sold),
        ...Array.from({ length: rivals }, () => cancelOnceIssued(ctx, sold, state)),
      ]);
    }),
  );
}

async function issue(ctx: WriterContext, { issue, terms }: Sale): Promise<void> {
  await ctx.insertPolicy(issue);
  ctx.acknowledge(terms.policyId, 1);
}

const MOST_TRIES = 100;
const BETWEEN_TRIES_MS = 3;

async function cancelOnceIssued(ctx: WriterContext, { terms }: Sale, state: { cancelled: boolean }): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES && !state.cancelled; tries += 1) {
    if (await cancelSale(ctx.sql, terms, ctx.random)) {
      state.cancelled = true;
      ctx.acknowledge(terms.policyId, 2);
    } else await wait(BETWEEN_TRIES_MS, ctx.signal);
  }
}

async function sellAndRollBack(ctx: WriterContext): Promise<void> {
  const sold = await sale(ctx);
  const given = new Error('rolled back on purpose');
  const transaction = ctx.sql.begin(async (tx) => {
    await createInsertPolicy(tx as unknown as Sql)(sold.issue);
    if (ctx.random() < 0.5) await cancelSale(tx as unknown as Sql, sold.terms, ctx.random);
    throw given;
  });
  await transaction.catch((error: unknown) => {
    if (error !== given) throw error;
  });
}

/** Two events of one policy under one xid. */
async function sellAndCancelAtOnce(ctx: WriterContext): Promise<void> {
  const sold = await sale(ctx);
  await ctx.sql.begin(async (tx) => {
    await createInsertPolicy(tx as unknown as Sql)(sold.issue);
    await cancelSale(tx as unknown as Sql, sold.terms, ctx.random);
  });
  ctx.acknowledge(sold.terms.policyId, 1);
  ctx.acknowledge(sold.terms.policyId, 2);
}

/** A cancellation in a transaction that wrote before the policy was issued: its xid is below that of the issue. */
async function cancelWithOlderXid(ctx: WriterContext): Promise<void> {
  const sold = await sale(ctx);
  await ctx.sql.begin(async (tx) => {
    await tx`select pg_current_xact_id()`;
    await issue(ctx, sold);
    await cancelSale(tx as unknown as Sql, sold.terms, ctx.random);
  });
  ctx.acknowledge(sold.terms.policyId, 2);
}

async function amendHot(ctx: WriterContext): Promise<void> {
  const aggregateId = ctx.hot[Math.floor(ctx.random() * ctx.hot.length)];
  if (aggregateId === undefined) return;
  const version = await amend(ctx.sql, { aggregateId, random: ctx.random });
  if (version !== undefined) ctx.acknowledge(aggregateId, version);
}
