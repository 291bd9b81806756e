import type { z } from 'zod';
import type { Money } from '#contracts/money.ts';
import { type Register, RegisterLine } from '#contracts/register.ts';

type Line = z.infer<typeof RegisterLine>;

/** The fields of a line as in JSON, in its order, and the currency of all its amounts. */
const HEADER = [...Object.keys(RegisterLine.shape), 'currency'];

/** A register as CSV (RFC 4180): one header line, CRLF, money in roubles with two decimals. */
export function registerCsv({ lines }: z.infer<typeof Register>): string {
  const rows = lines.map((line) => [...Object.values(ordered(line)).map(cell), line.premium.currency]);
  return [HEADER, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

const ordered = (line: Line) =>
  Object.fromEntries(Object.keys(RegisterLine.shape).map((name) => [name, line[name as keyof Line]]));

function cell(value: string | number | Money | undefined): string {
  if (typeof value === 'object') return roubles(value.amountMinor);
  return typeof value === 'string' ? quoted(defused(value)) : String(value ?? '');
}

/** Kopecks as roubles, digit by digit: no float comes near. */
function roubles(amountMinor: number): string {
  const digits = String(Math.abs(amountMinor)).padStart(3, '0');
  return `${amountMinor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV Injection). */
const defused = (text: string) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
