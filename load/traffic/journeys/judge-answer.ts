import type { Answer, Step, Trip } from './step.ts';

/** What is wrong with an answer; one that lacks what a step looks at is wrong, too, and ends no run. */
export function judgeAnswer({ judge }: Step, { answer, trip }: { answer: Answer; trip: Trip }): string | undefined {
  try {
    return judge(answer, trip);
  } catch (error) {
    return `its body is not as the contract has it: ${error}`;
  }
}
