import type { Policies } from '#contracts/policy.ts';
import { readAnswer } from './read-answer.ts';
import type { Step } from './step.ts';

/** The most that a page has: others sell meanwhile. */
const LIMIT = 100;

/** Lists the newest policies: this one is among them. */
export const LIST: Step = {
  kind: 'list',
  request: ({ key, issued }) =>
    issued && { method: 'GET', path: `/v1/policies?limit=${LIMIT}`, headers: { Authorization: `Bearer ${key}` } },
  judge(answer, { issued }) {
    const { body, fault } = readAnswer<Policies>(answer, 200);
    if (fault !== undefined) return fault;
    return body.items.some(({ id }) => id === issued?.policy.id)
      ? undefined
      : `policy ${issued?.policy.id} is not among the newest ${LIMIT}`;
  },
};
