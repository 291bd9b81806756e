import type { Asked } from '../asked.ts';

type Timed = Pick<Asked, 'sentAt' | 'answeredAt'>;

/**
 * Whether a refusal may be right. Limits are counted in seconds of the clock: somewhere between its sending and its
 * answer there is a second in which as many others as that second allows may have been let in.
 */
export function maySpend(refused: Timed, admitted: readonly Timed[], perSecond: number): boolean {
  for (let second = secondOf(refused.sentAt); second <= secondOf(refused.answeredAt); second += 1) {
    const within = admitted.filter((one) => secondOf(one.sentAt) <= second && second <= secondOf(one.answeredAt));
    if (within.length >= perSecond) return true;
  }
  return false;
}

const secondOf = (at: number) => Math.floor(at / 1_000);
