import type { PolicyEvent } from '#contracts/events.ts';
import { contradictions, type Issue } from '../ledger/issue-of.ts';
import type { ParkReason, Refusal } from './read-message.ts';

/** What the books know of a policy. */
export interface PolicyState {
  /** Of the last event booked; 0: none. */
  readonly version: number;
  /** As it was issued; undefined: it was not. */
  readonly issue: Issue | undefined;
  readonly hasDeadLetter: boolean;
}

/** What a message says of a policy. */
interface Said {
  readonly content: { readonly event: PolicyEvent } | { readonly refusal: Refusal };
  readonly aggregateVersion: number;
}

/** Book it, park it, or stop: a version before it is missing. */
export type Verdict =
  | { readonly event: PolicyEvent }
  | { readonly refusal: Refusal }
  | { readonly hole: { readonly version: number } };

/**
 * Judges an event that was not seen before by what is known of its policy: versions are 1 issued, then 2 cancelled. What
 * could never be booked, whatever is sent again, is refused; what misses a version before it waits for that.
 */
export function judgeMessage({ content, aggregateVersion }: Said, policy: PolicyState): Verdict {
  if (policy.hasDeadLetter) return refuse('behind-dead-letter', 'An earlier event of this policy is parked');
  if ('refusal' in content) return content;
  const { event } = content;
  if (event.type === 'policy.issued.v1') {
    if (policy.version > 0) return refuse('issued-twice', 'The policy is booked as issued already, by another event');
    return aggregateVersion === 1 ? { event } : refuse('invalid-event', 'An issue is the first version of its policy');
  }
  if (aggregateVersion === 1) return refuse('invalid-event', 'A cancellation is never the first version of a policy');
  if (policy.version > 1) return refuse('cancelled-twice', 'The policy is booked as cancelled already');
  if (aggregateVersion > policy.version + 1 || !policy.issue) return { hole: { version: policy.version } };
  const wrong = contradictions(policy.issue, event);
  return wrong.length === 0
    ? { event }
    : refuse('contradicts-issue', `Not as the policy was issued: ${wrong.join(', ')}`);
}

const refuse = (reason: ParkReason, detail: string): Verdict => ({ refusal: { reason, detail } });
