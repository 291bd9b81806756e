import type { DayClosedEvent } from '#contracts/events.ts';

const PLAUSIBLE_YEAR = /^20\d\d-/;
/** Of Postgres `integer`. */
const MAX_REVISION = 2_147_483_647;

/** What the schema of a day's end lets through and reconciliation cannot take, as a sentence; undefined when it can. */
export function checkDay({ aggregateId, aggregateVersion, region, data }: DayClosedEvent): string | undefined {
  if (!PLAUSIBLE_YEAR.test(data.day)) return 'data.day is not of this century';
  if (aggregateId !== `${region}-day-${data.day}`) return 'data.day is not the aggregate';
  if (aggregateVersion > MAX_REVISION) return `the version is over ${MAX_REVISION}`;
  if (new Set(data.insurers.map(({ insurer }) => insurer)).size < data.insurers.length) {
    return 'data.insurers names an insurer twice';
  }
  const amounts = data.insurers.flatMap(({ issued, cancelled }) => [issued, cancelled]);
  const isBelowZero = amounts.some(({ premium, commission }) => premium.amountMinor < 0 || commission.amountMinor < 0);
  return isBelowZero ? 'data.insurers has an amount below zero' : undefined;
}
