import type { Money } from '#contracts/money.ts';

/** Narrow, and no line breaks at it. */
const THIN_SPACE = '\u{202F}';

/** An amount in roubles for reading, `-1 234 567.80`: digit by digit, no float comes near. */
export function roubles({ amountMinor }: Money): string {
  const digits = String(Math.abs(amountMinor)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  return `${amountMinor < 0 ? '-' : ''}${whole}.${digits.slice(-2)}`;
}
