import type { Money } from '#contracts/money.ts';
import { RegisterLine } from '#contracts/register.ts';

const NAMES = Object.keys(RegisterLine.shape) as (keyof RegisterLine)[];

/** UTF-8's byte order mark, without which a spreadsheet may take the file for another encoding. */
export const BYTE_ORDER_MARK = '\ufeff';

/** The header of a register as CSV (RFC 4180): the fields of a line, as in JSON and in its order. */
export const CSV_HEADER = `${NAMES.join(',')}\r\n`;

/** Lines as CSV, each ended by CRLF, money in units of the line's currency with two decimals. */
export const csvRows = (lines: readonly RegisterLine[]): string =>
  lines.map((line) => `${NAMES.map((name) => cell(line[name])).join(',')}\r\n`).join('');

function cell(value: string | number | Money | null): string {
  if (value === null) return '';
  if (typeof value === 'object') return inUnits(value.amountMinor);
  return typeof value === 'string' ? quoted(defused(value)) : String(value);
}

/** Hundredths as units, digit by digit: no float comes near. */
function inUnits(amountMinor: number): string {
  const digits = String(Math.abs(amountMinor)).padStart(3, '0');
  return `${amountMinor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV Injection). */
const defused = (text: string) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
