import { z } from 'zod';
import { Factor } from '#contracts/tariff.ts';

const DECIMAL = {
  ',': /^(0|[1-9]\d{0,8})(?:,(\d{1,6}))?$/,
  '.': /^(0|[1-9]\d{0,8})(?:\.(\d{1,6}))?$/,
} as const;

/**
 * A coefficient in an insurer's writing, read by digits alone as the contract's canonical decimal: `1,50` is `1.5`, and
 * with `shift` 2 (per cent) or 3 (per mille) `115` is `1.15` or `0.115`. Refuses what a float would have rounded.
 */
export function factor(mark: keyof typeof DECIMAL, { shift = 0 }: { shift?: 0 | 2 | 3 } = {}) {
  return z
    .string()
    .transform((text, ctx) => {
      const [, whole, places = ''] = DECIMAL[mark].exec(text) ?? [];
      if (whole !== undefined) return canonical(whole + places, places.length + shift);
      ctx.addIssue(`must be a decimal with "${mark}"`);
      return z.NEVER;
    })
    .pipe(Factor);
}

/** Digits and how many of them are after the point, without idle zeros. */
function canonical(digits: string, scale: number): string {
  const padded = digits.padStart(scale + 1, '0');
  const whole = padded.slice(0, padded.length - scale).replace(/^0+(?=\d)/, '');
  const places = padded.slice(padded.length - scale).replace(/0+$/, '');
  return places === '' ? whole : `${whole}.${places}`;
}
