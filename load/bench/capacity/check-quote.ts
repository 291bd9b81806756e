import type { Quote } from '#contracts/quote.ts';
import { requireExact } from '../rating/require-exact.ts';
import type { Risk } from './risks.ts';

/** One in so many is worked out anew; of each it is looked whether it is about the risk that was asked for. */
const WORKED_OUT = 100;
/** Of a body, where the risk is. */
const RISK_BYTES = 1_500;

/** Why a quote is wrong, in words, or undefined. */
export function createQuoteCheck(): (body: Buffer, risk: Risk) => string | undefined {
  let checked = 0;
  return (body, { target, powerHp }) => {
    const told = body.toString('utf8', 0, RISK_BYTES);
    if (!new RegExp(`"powerHp":${powerHp}[,}]`).test(told)) return `${target} was answered about another risk: ${told}`;
    checked += 1;
    if (checked % WORKED_OUT !== 1) return undefined;
    try {
      const { offers } = JSON.parse(body.toString()) as Quote;
      for (const { premium, breakdown } of offers) requireExact(premium.amountMinor, breakdown);
      return undefined;
    } catch (error) {
      return `${target}: ${(error as Error).message}`;
    }
  };
}
