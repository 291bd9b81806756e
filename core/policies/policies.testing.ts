import { PolicyEvent } from '#contracts/events.ts';
import { HOLDER, partner, query, type TestCore } from '../core.testing.ts';
import { requestQuote } from '../quotes/request-quote.ts';
import { cancelPolicy } from './cancel-policy.ts';
import { issuePolicy } from './issue-policy.ts';

export const TRACEPARENT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
/** A uuid of no policy. */
export const UUID = '0198f2d4-7c1e-7a5b-9c3d-2e1f0a9b8c7d';
export const ALFA = partner('alfa');
export const BETA = partner('beta');
/** It may be found nowhere but in `core.policies`. */
export const REASON = 'Canary reason of the buyer';
export const ISSUED = 'policy.issued.v1 1';
export const CANCELLED = 'policy.cancelled.v1 2';

/** What tests of policies do with a core: sell, cancel, and look into the outbox. */
export function createSales(core: TestCore) {
  let sold = 0;
  const events = async () => {
    const rows = await core.admin`select * from core.outbox order by id`;
    return rows.map((row) => eventOf(row));
  };
  return {
    /** A policy of OSAGO from 23 November, by default of alfa's; `input` repeats its issue. */
    async sell({ by = ALFA, startsOn = '2026-11-23' } = {}) {
      const [offer] = requestQuote(core.ctx, { product: 'osago', query: query({ startsOn }) }).offers;
      const request = { offer: offer?.token ?? '', holder: HOLDER, startsOn };
      sold += 1;
      const input = { partner: by, idempotencyKey: `key-issue-${sold}`, request, traceparent: TRACEPARENT };
      return { ...(await issuePolicy(core.ctx, input)), input };
    },
    cancel: (policyId: string, { by = ALFA, key = 'key-cancel-1', reason = REASON, ctx = core.ctx } = {}) =>
      cancelPolicy(ctx, {
        partner: by,
        policyId,
        idempotencyKey: key,
        request: { reason },
        traceparent: TRACEPARENT,
      }),
    events,
    /** Types and versions of the events, in the order of their ids. */
    typesOf: async () => (await events()).map(({ type, aggregateVersion }) => `${type} ${aggregateVersion}`),
  };
}

/** How many rows a refusal must not add to. */
export async function countWritten({ admin }: Pick<TestCore, 'admin'>) {
  const [row] = await admin`select (select count(*)::int from core.policies) as policies,
    (select count(*)::int from core.policies where status = 'cancelled') as cancelled,
    (select count(*)::int from core.outbox) as events`;
  return {
    policies: Number(row?.['policies']),
    cancelled: Number(row?.['cancelled']),
    events: Number(row?.['events']),
  };
}

/** A row of the outbox as the relay would send it. */
function eventOf(row: Record<string, unknown>): PolicyEvent {
  return PolicyEvent.parse({
    eventId: row['event_id'],
    type: row['type'],
    aggregateId: row['aggregate_id'],
    aggregateVersion: row['aggregate_version'],
    region: 'msk',
    partition: row['partition'],
    epoch: 1,
    sequence: 1,
    occurredAt: new Date(row['occurred_at'] as string).toISOString(),
    traceparent: row['traceparent'],
    data: JSON.parse(row['data'] as string),
  });
}
