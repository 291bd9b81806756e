import { z } from 'zod';

const DECIMAL = {
  ',': /^(0|[1-9]\d{0,9})(?:,(\d{1,2}))?$/,
  '.': /^(0|[1-9]\d{0,9})(?:\.(\d{1,2}))?$/,
} as const;

/**
 * A decimal string of at most two places, read as an integer number of hundredths: roubles as kopecks, per cent as basis
 * points. By digits alone, so exact; a third place, a sign, a space or an exponent is refused, never rounded away.
 */
export function hundredths(mark: keyof typeof DECIMAL) {
  return z.string().transform((text, ctx) => {
    const [, whole, places = ''] = DECIMAL[mark].exec(text) ?? [];
    if (whole !== undefined) return Number(`${whole}${places.padEnd(2, '0')}`);
    ctx.addIssue(`must be a decimal with "${mark}" and at most two places`);
    return z.NEVER;
  });
}
