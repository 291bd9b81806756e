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
  return written(BigInt(minor), 2);
}

/** A whole number of at least 0: `14`. */
export const whole = (number: number): ExactDecimal => written(BigInt(number), 0);

/** One per mille of a whole number of at least 0: of 5000000 `5000.000`. */
export const perMille = (number: number): ExactDecimal => written(BigInt(number), 3);

/** The exact sum, with as many places as the longest has. */
export function sum(decimals: readonly ExactDecimal[]): ExactDecimal {
  const scale = Math.max(0, ...decimals.map((part) => part.scale));
  return written(
    decimals.reduce((total, part) => total + part.units * 10n ** BigInt(scale - part.scale), 0n),
    scale,
  );
}

/** The exact product, every digit of it kept: 1.04 x 1.8 is 1.872. */
export const times = (a: ExactDecimal, b: ExactDecimal): ExactDecimal => written(a.units * b.units, a.scale + b.scale);

function written(units: bigint, scale: number): ExactDecimal {
  const digits = String(units).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return { text, units, scale };
}

/** Whether `a` is more than `b`, whatever their scales. */
export function isMore(a: ExactDecimal, b: ExactDecimal): boolean {
  if (a.scale === b.scale) return a.units > b.units;
  return a.units * 10n ** BigInt(b.scale) > b.units * 10n ** BigInt(a.scale);
}

/** Kopecks of roubles times factors: the exact product, rounded half up once. A bigint: no tariff can overflow it. */
export function productMinor(amount: ExactDecimal, factors: readonly ExactDecimal[]): bigint {
  let units = amount.units;
  let scale = amount.scale;
  for (const factor of factors) {
    units *= factor.units;
    scale += factor.scale;
  }
  const one = 10n ** BigInt(scale);
  return (units * 200n + one) / (2n * one);
}
