import type { Policy } from '#contracts/policy.ts';
import { readAnswer } from './read-answer.ts';
import type { Step } from './step.ts';

/** Reads the policy: it is as it was sold. */
export const READ: Step = {
  kind: 'read',
  request: ({ key, issued }) =>
    issued && {
      method: 'GET',
      path: `/v1/policies/${issued.policy.id}`,
      headers: { Authorization: `Bearer ${key}` },
    },
  judge(answer, { issued }) {
    const { body: policy, fault } = readAnswer<Policy>(answer, 200);
    if (fault !== undefined) return fault;
    const isSame = JSON.stringify(policy) === JSON.stringify(issued?.policy);
    return isSame ? undefined : `policy ${issued?.policy.id} is not as it was sold: ${answer.text}`;
  },
};
