import type { DayClosed } from '#contracts/events.ts';
import { rub, shareOf } from '#contracts/money.ts';
import type { Operation } from '#platform/difference-sketch/operation.ts';
import { createSketch, type Sketch } from '#platform/difference-sketch/sketch.ts';
import type { FindCommissionRate } from '../catalogue/find-commission-rate.ts';
import { clawback } from '../policies/refund.ts';
import type { OperationRow } from './read-operations.ts';

interface DayInput {
  readonly pages: AsyncIterable<readonly OperationRow[]>;
  readonly findCommissionRate: FindCommissionRate;
}

/**
 * What a day came to, insurers by id. Amounts are those that the events of issue-policy.ts and cancel-policy.ts tell. The
 * order of rows does not matter. Throws when a sum is no safe integer, or a policy's id has no uuid.
 */
export async function addUpDay(day: string, { pages, findCommissionRate }: DayInput): Promise<DayClosed> {
  const accounts = new Map<string, Account>();
  for await (const rows of pages) {
    for (const row of rows) {
      // Noted with the policy but for old ones, as cancel-policy.ts has it.
      const rateBps = row.commissionRateBps ?? (await findCommissionRate(row));
      const account = accounts.get(row.insurer) ?? newAccount();
      accounts.set(row.insurer, account);
      enter(account, operationOf(row, rateBps));
    }
  }
  const insurers = [...accounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([insurer, account]) => toTold(insurer, account));
  return { day, insurers };
}

function operationOf({ policyId, premiumMinor, refundMinor }: OperationRow, rateBps: number): Operation {
  const commissionMinor = shareOf(premiumMinor, rateBps);
  if (refundMinor === null) return { policyId, operation: 'issued', premiumMinor, commissionMinor };
  const back = clawback(commissionMinor, { refundMinor, premiumMinor });
  return { policyId, operation: 'cancelled', premiumMinor: refundMinor, commissionMinor: back };
}

interface Totals {
  count: number;
  premiumMinor: number;
  commissionMinor: number;
}

interface Account {
  readonly issued: Totals;
  readonly cancelled: Totals;
  readonly sketch: Sketch;
}

const newTotals = (): Totals => ({ count: 0, premiumMinor: 0, commissionMinor: 0 });
const newAccount = (): Account => ({ issued: newTotals(), cancelled: newTotals(), sketch: createSketch() });

function enter(account: Account, operation: Operation): void {
  const totals = account[operation.operation];
  totals.count += 1;
  totals.premiumMinor = add(totals.premiumMinor, operation.premiumMinor);
  totals.commissionMinor = add(totals.commissionMinor, operation.commissionMinor);
  account.sketch.add(operation);
}

/** Exact as long as it is safe: both are. */
function add(sumMinor: number, amountMinor: number): number {
  const sum = sumMinor + amountMinor;
  if (!Number.isSafeInteger(sum)) throw new Error(`Cannot add ${amountMinor} kopecks to ${sumMinor}: no safe integer`);
  return sum;
}

function toTold(insurer: string, { issued, cancelled, sketch }: Account): DayClosed['insurers'][number] {
  return { insurer, issued: toMoney(issued), cancelled: toMoney(cancelled), sketch: sketch.toText() };
}

const toMoney = ({ count, premiumMinor, commissionMinor }: Totals) => ({
  count,
  premium: rub(premiumMinor),
  commission: rub(commissionMinor),
});
