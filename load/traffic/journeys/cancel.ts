import type { Policy } from '#contracts/policy.ts';
import { readAnswer } from './read-answer.ts';
import type { Step } from './step.ts';

/** Cancels the policy before its cover begins: all of the premium goes back. */
export const CANCEL: Step = {
  kind: 'cancel',
  request: ({ key, id, issued }) =>
    issued && {
      method: 'POST',
      path: `/v1/policies/${issued.policy.id}/cancel`,
      headers: {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': `${id}-cancel`,
      },
      body: JSON.stringify({ reason: 'The car was sold' }),
    },
  judge(answer, { issued }) {
    const { body: policy, fault } = readAnswer<Policy>(answer, 200);
    if (fault !== undefined) return fault;
    if (policy.id !== issued?.policy.id || policy.status !== 'cancelled')
      return `policy ${policy.id} is ${policy.status}`;
    const { refund, premium } = policy;
    return refund?.amountMinor === premium.amountMinor
      ? undefined
      : `the refund of policy ${policy.id} is ${refund?.amountMinor ?? 'missing'}, not ${premium.amountMinor}`;
  },
};
