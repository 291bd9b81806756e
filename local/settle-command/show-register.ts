import { Register, RegisterLine } from '#contracts/register.ts';
import { counted } from '../counted.ts';
import { bytesOf, open, readByContract } from '../operator-call.ts';
import { printLines } from '../print-lines.ts';
import { type Layout, layOut, rowLine } from '../print-table.ts';
import type { ExitCode } from '../terminal.ts';
import type { SettleContext } from './context.ts';
import type { Asked } from './forms.ts';
import { REGISTER_LEFT, REGISTER_TITLES, registerLines, registerRow, totalsRow } from './register-lines.ts';
import { splitRegister } from './split-register.ts';

/** So many lines are shown unless all are asked for; the columns are as wide as these need. */
const FIRST_LINES = 50;

/** Amounts get at least this room when lines are printed before the totals are known. */
const ROOM = REGISTER_TITLES.map((title) => (REGISTER_LEFT.includes(title) ? '' : '-999 999 999.99'));

/** A register as a table and what it came to. Memory holds the first lines and a chunk, however long it is. */
export async function showRegister(ctx: SettleContext, asked: Asked<'register'>): Promise<ExitCode> {
  const { register, rows, layout } = await readRegister(ctx, asked);
  const total = totalsRow(register.totals);
  const shape = layout ?? layOut([...rows, total], REGISTER_LEFT);
  const left = asked.all ? 0 : Math.max(0, register.totals.count - FIRST_LINES);
  const more = left === 0 ? [] : [`... ${counted(left, 'more line')}: --all shows all`];
  const shown = [...rows.map(lineIn(shape)), ...more, rowLine(total, shape), ''];
  await printLines(ctx.stdout, [...(register.totals.count === 0 ? [] : shown), ...registerLines(register)]);
  return 0;
}

/** The register without its lines, and the rows that are not printed yet: with `all`, the rest are, as `layout` says. */
async function readRegister(
  { settlement, signal, stdout, startProgress }: SettleContext,
  { insurer, period, all }: Asked<'register'>,
) {
  const { push, end } = splitRegister();
  const rows = [REGISTER_TITLES];
  let count = 0;
  let layout: Layout | undefined;
  using _ = startProgress(() => `read ${counted(count, 'line')} ...`);
  const answer = await open(settlement, { path: `/v1/registers/${insurer}/${period}`, signal });
  for await (const chunk of bytesOf(answer, { signal })) {
    for (const line of push(chunk)) {
      count++;
      if (count <= FIRST_LINES || all) rows.push(rowOf(line, settlement.url));
    }
    if (!all || (!layout && rows.length <= FIRST_LINES)) continue;
    layout ??= layOut([...rows.slice(0, FIRST_LINES + 1), ROOM], REGISTER_LEFT);
    await printLines(stdout, rows.splice(0).map(lineIn(layout)));
  }
  const register = readByContract(end(), { schema: Register, from: settlement.url });
  if (count === register.totals.count) return { register, rows, layout };
  throw new Error(`${settlement.url} sent ${counted(count, 'line')} of ${register.totals.count.toLocaleString('en')}`);
}

const lineIn = (layout: Layout) => (row: readonly string[]) => rowLine(row, layout);

const rowOf = (line: Buffer, from: string) =>
  registerRow(readByContract(JSON.parse(line.toString()), { schema: RegisterLine, from }));
