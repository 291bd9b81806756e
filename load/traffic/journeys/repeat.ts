import type { Policy } from '#contracts/policy.ts';
import { issueRequest } from './issue.ts';
import { readAnswer } from './read-answer.ts';
import type { Step } from './step.ts';

/** Sends the purchase once more under its key: the first answer again, and said to be so. */
export const REPEAT: Step = {
  kind: 'repeat',
  request: (trip) => (trip.issued ? issueRequest(trip) : undefined),
  judge(answer, { issued }) {
    const { body: policy, fault } = readAnswer<Policy>(answer, 201);
    if (fault !== undefined) return fault;
    if (answer.header('idempotency-replayed') !== 'true') return 'Idempotency-Replayed: true is missing';
    if (answer.text === issued?.text) return undefined;
    return policy.id === issued?.policy.id
      ? `policy ${policy.id} is answered in other words than at first`
      : `the same key bought policy ${policy.id} besides ${issued?.policy.id}`;
  },
};
