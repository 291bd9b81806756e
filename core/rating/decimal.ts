/** A decimal of at least 0, exact: `units / 10^scale`; `text` as its source prints it. */
export interface ExactDecimal {
  readonly text: string;
  readonly units: bigint;
  readonly scale: number;
}

/** Reads `1.80` or `4200`. Throws a RangeError on a sign, an exponent or anything else. */
export function decimal(text: string): ExactDecimal {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`Cannot read decimal "${text}": digits with at most one point expected`);
  const [, whole = '', fraction = ''] = match;
  return { text, units: BigInt(whole + fraction), scale: fraction.length };
}

/** Kopecks as roubles: 420000 is `4200.00`. Throws a RangeError unless an integer of at least 0. */
export function roubles(minor: number): ExactDecimal {
  if (!Number.isSafeInteger(minor) || minor < 0) throw new RangeError(`Cannot take ${minor} as kopecks`);
  const digits = String(minor).padStart(3, '0');
  return { text: `${digits.slice(0, -2)}.${digits.slice(-2)}`, units: BigInt(minor), scale: 2 };
}

/** Whether `a` is more than `b`, whatever their scales. */
export function isMore(a: ExactDecimal, b: ExactDecimal): boolean {
  if (a.scale === b.scale) return a.units > b.units;
  return a.units * 10n ** BigInt(b.scale) > b.units * 10n ** BigInt(a.scale);
}

/** Kopecks of roubles times factors: the exact product, rounded half up once. Throws a RangeError past 2^53. */
export function productMinor(amount: ExactDecimal, factors: readonly ExactDecimal[]): number {
  let units = amount.units;
  let scale = amount.scale;
  for (const factor of factors) {
    units *= factor.units;
    scale += factor.scale;
  }
  const one = 10n ** BigInt(scale);
  const minor = Number((units * 200n + one) / (2n * one));
  if (!Number.isSafeInteger(minor)) throw new RangeError('Cannot hold the product: more than 2^53 kopecks');
  return minor;
}
