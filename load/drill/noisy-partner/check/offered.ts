import { type Asked, isAdmitted } from '../asked.ts';

/** Of the requests that were due, so many must have been sent: less is no such load. */
const LEAST = 0.9;

/** What is wrong with the offender itself: it asked for less than it should, or was answered in another way than yes or 429. */
export function checkOffered(
  asked: readonly Pick<Asked, 'status' | 'error'>[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
): string[] {
  const due = perSecond * seconds;
  const strange = asked.filter((one) => !isAdmitted(one) && one.status !== 429);
  const kinds = Map.groupBy(strange, ({ status, error }) => error ?? status);
  return [
    ...(asked.length >= due * LEAST
      ? []
      : [`alfa asked ${asked.length} times, not ${due}: this machine could not send them`]),
    ...[...kinds].map(([answer, all]) => `${all.length} times alfa was answered ${answer}`),
  ];
}
