import { createHash } from 'node:crypto';
import type { SettlementContext } from '../context.ts';
import type { Closing, RegisterName } from './find-closing.ts';
import { readLines } from './read-lines.ts';
import { BYTE_ORDER_MARK, CSV_HEADER, csvRows } from './register-csv.ts';
import { toLine } from './register-line.ts';
import { addLines, NOTHING, type Sum, toTotals } from './register-totals.ts';

type Context = Pick<SettlementContext, 'sql'>;

/** A register to write: its name, and how it was closed if it was. */
export interface RegisterFile extends RegisterName {
  readonly closing?: Closing | undefined;
}

/**
 * A register as JSON text, piece by piece, the totals of the lines told at its end. Rejects when a closed one is not what
 * was closed: then the text has no end, and no reader can take it for whole.
 */
export async function* writeJson(ctx: Context, { closing, ...name }: RegisterFile): AsyncGenerator<string> {
  const final = closing?.final;
  const about = {
    ...name,
    status: final ? 'closed' : 'open',
    ...(final && { closedAt: closing.closedAt, digest: final.digest }),
  };
  yield `${JSON.stringify(about).slice(0, -1)},"lines":[`;
  let sum = NOTHING;
  for await (const page of readLines(ctx, name)) {
    const text = page.map((row, index) => JSON.stringify(toLine(row, sum.count + index + 1))).join(',');
    yield sum.count === 0 ? text : `,${text}`;
    sum = addLines(sum, page);
  }
  if (final) requireSame(name, final.sum, sum);
  yield `],"totals":${JSON.stringify(toTotals(sum))}}`;
}

/** A register as CSV text, piece by piece. Rejects at its end, as JSON does, when a closed one is not what was closed. */
export async function* writeCsv(
  ctx: Context,
  { closing, bom, ...name }: RegisterFile & { bom?: boolean },
): AsyncGenerator<string> {
  if (bom) yield BYTE_ORDER_MARK;
  const digest = createHash('sha256');
  for await (const { text } of csvPages(ctx, name)) {
    digest.update(text);
    yield text;
  }
  const final = closing?.final;
  if (final && digest.digest('hex') !== final.digest) throw new Error(changed(name));
}

/** What a register comes to, and the SHA-256 of its CSV, hex. */
export async function sumUp(ctx: Context, name: RegisterName): Promise<{ digest: string; sum: Sum }> {
  const digest = createHash('sha256');
  let sum = NOTHING;
  for await (const page of csvPages(ctx, name)) {
    digest.update(page.text);
    sum = page.sum;
  }
  return { digest: digest.digest('hex'), sum };
}

/** The text of each page, and what the lines so far come to; the header first. */
async function* csvPages(ctx: Context, name: RegisterName): AsyncGenerator<{ text: string; sum: Sum }> {
  let sum = NOTHING;
  yield { text: CSV_HEADER, sum };
  for await (const page of readLines(ctx, name)) {
    const text = csvRows(page.map((row, index) => toLine(row, sum.count + index + 1)));
    sum = addLines(sum, page);
    yield { text, sum };
  }
}

function requireSame(name: RegisterName, closed: Sum, now: Sum): void {
  const isSame = closed.count === now.count && closed.premiumMinor === now.premiumMinor;
  if (!isSame || closed.commissionMinor !== now.commissionMinor) throw new Error(changed(name));
}

const changed = ({ insurer, period }: RegisterName) =>
  `The register of ${insurer} for ${period} is not what was closed`;
