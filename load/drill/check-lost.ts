import { type EventRow, type Evidence, isOfPolicy } from './evidence.ts';

/** Whatever ought to be somewhere and is not. */
export function checkLost(evidence: Evidence): string[] {
  return [...unanswered(evidence), ...acknowledgedOnly(evidence), ...unsent(evidence), ...unbooked(evidence)];
}

function unanswered({ wanted, acknowledged }: Evidence): string[] {
  const answered = new Set(acknowledged.map(({ key }) => key));
  return wanted.filter((key) => !answered.has(key)).map((key) => `"${key}" was never acknowledged`);
}

function acknowledgedOnly({ acknowledged, policies }: Evidence): string[] {
  const rows = new Map(policies.map((row) => [row.id, row]));
  return acknowledged.flatMap(({ operation, policy }) => {
    const row = rows.get(policy.id);
    if (!row) return [`policy ${policy.id} was acknowledged and does not exist`];
    if (operation === 'cancelled' && row.status !== 'cancelled')
      return [`the cancellation of ${policy.id} was acknowledged and the policy is ${row.status}`];
    return [];
  });
}

/** Which events there must be: one for each thing that happened to a policy. */
function unsent({ policies, outbox }: Evidence): string[] {
  const known = new Set(outbox.map(place));
  const due = policies.flatMap(({ id, status }) => (status === 'cancelled' ? [`${id}/1`, `${id}/2`] : [`${id}/1`]));
  return due.filter((event) => !known.has(event)).map((event) => `event ${event} is not in the outbox`);
}

function unbooked({ outbox, topic, booked, deadLetters }: Evidence): string[] {
  const onTopic = topic && new Set(topic.map(({ eventId }) => eventId));
  const inLedger = new Set(booked.map(({ eventId }) => eventId));
  const missing = outbox.flatMap((event) => [
    ...(onTopic?.has(event.eventId) === false ? [`event ${place(event)} is not on the topic`] : []),
    ...(inLedger.has(event.eventId) || !isOfPolicy(event) ? [] : [`event ${place(event)} is not in the ledger`]),
  ]);
  return deadLetters > 0 ? [...missing, `${deadLetters} events are dead letters`] : missing;
}

const place = ({ aggregateId, version }: EventRow) => `${aggregateId}/${version}`;
