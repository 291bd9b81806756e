import { type DeadLetter, DeadLetterHistory, DeadLetters } from '#contracts/dead-letter.ts';
import { counted } from '../counted.ts';
import { call } from '../operator-call.ts';
import { printLines } from '../print-lines.ts';
import { type Layout, layOut, rowLine } from '../print-table.ts';
import type { ExitCode } from '../terminal.ts';
import type { SettleContext } from './context.ts';
import { DEAD_LETTER_LEFT, DEAD_LETTER_TITLES, deadLetterRow, historyLines } from './dead-letter-lines.ts';
import type { Asked } from './forms.ts';

/** All dead letters of a status, oldest first, page by page. */
export async function* pagesOf(
  { settlement, signal }: Pick<SettleContext, 'settlement' | 'signal'>,
  { status }: Asked<'dead-letters'>,
): AsyncGenerator<readonly DeadLetter[]> {
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '500', status, ...(cursor && { cursor }) });
    const page = await call(settlement, { path: `/v1/dead-letters?${query}`, schema: DeadLetters, signal });
    yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** Dead letters as a table; its columns are as wide as those of the first page need. */
export async function listDeadLetters(ctx: SettleContext, asked: Asked<'dead-letters'>): Promise<ExitCode> {
  let count = 0;
  let layout: Layout | undefined;
  for await (const letters of pagesOf(ctx, asked)) {
    const rows = [...(count === 0 ? [DEAD_LETTER_TITLES] : []), ...letters.map(deadLetterRow)];
    layout ??= layOut(rows, DEAD_LETTER_LEFT);
    const shape = layout;
    if (letters.length > 0)
      await printLines(
        ctx.stdout,
        rows.map((row) => rowLine(row, shape)),
      );
    count += letters.length;
  }
  const what = asked.status === 'all' ? '' : ` ${asked.status}`;
  await printLines(ctx.stdout, [
    count === 0 ? `No dead letter is${what || ' there'}.` : `${counted(count, 'dead letter')}${what}.`,
  ]);
  return 0;
}

/** One dead letter with its audit. */
export async function showDeadLetter(
  { settlement, signal, stdout }: SettleContext,
  { id }: Asked<'dead-letter'>,
): Promise<ExitCode> {
  const history = await call(settlement, { path: `/v1/dead-letters/${id}`, schema: DeadLetterHistory, signal });
  await printLines(stdout, historyLines(history));
  return 0;
}
