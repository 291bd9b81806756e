import { SettingError } from './setting-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment changes in a scenario. */
export interface Settings {
  /** All phases together; undefined: as the scenario has it. */
  readonly seconds?: number;
  /** What the scenario's rates are multiplied by. */
  readonly rate: number;
  /** Of the risks that are drawn. */
  readonly seed: number;
  /** What a partner may do in a second where it is asked; undefined: as agreed with the demo's. */
  readonly partnerLimit?: number;
}

const SECONDS = { s: 1, m: 60, h: 3_600 } as const;
const LONGEST_SECONDS = 24 * 3_600;
const SHORTEST_SECONDS = 2;
const [LEAST_RATE, MOST_RATE] = [0.01, 100];
const MOST_SEED = 999_999_999;
const MOST_LIMIT = 10_000;

/** Reads DURATION, RATE, SEED and PARTNER_LIMIT; empty ones count as absent. Throws SettingError. */
export function readSettings(env: Environment): Settings {
  const { DURATION, RATE, SEED, PARTNER_LIMIT } = env;
  return {
    ...(DURATION && { seconds: readDuration(DURATION) }),
    rate: RATE ? readRate(RATE) : 1,
    seed: SEED ? readWhole('SEED', { text: SEED, least: 0, most: MOST_SEED }) : 1,
    ...(PARTNER_LIMIT && {
      partnerLimit: readWhole('PARTNER_LIMIT', { text: PARTNER_LIMIT, least: 1, most: MOST_LIMIT }),
    }),
  };
}

function readDuration(text: string): number {
  const [, digits, unit] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? [];
  const seconds = Number(digits) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return seconds;
  throw new SettingError(
    `DURATION is "${text}" but must be a whole number with s, m or h, from ${SHORTEST_SECONDS}s to 24h, such as 30s or 5m`,
  );
}

function readRate(text: string): number {
  const rate = /^\d{1,3}(\.\d{1,4})?$/.test(text) ? Number(text) : Number.NaN;
  if (rate >= LEAST_RATE && rate <= MOST_RATE) return rate;
  throw new SettingError(
    `RATE is "${text}" but must be a number from ${LEAST_RATE} to ${MOST_RATE}: 2 is twice as much`,
  );
}

function readWhole(name: string, { text, least, most }: { text: string; least: number; most: number }): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new SettingError(`${name} is "${text}" but must be a whole number from ${least} to ${most}`);
}
