import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestCore, HOLDER, query, type TestCore, tariff } from '../core/core.testing.ts';
import { requestQuote } from '../core/quotes/request-quote.ts';
import { ALFA } from './fake-core.testing.ts';
import { type EdgeBeforeCore, openEdgeBefore } from './real-core.testing.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

let core: TestCore;
let edge: EdgeBeforeCore;
beforeAll(async () => {
  core = await createTestCore();
  await core.consume(tariff('volga'));
  await core.addPartner(ALFA.partner);
  edge = openEdgeBefore(core);
});
afterAll(() => core[Symbol.asyncDispose]());

/** Sells a policy and cancels it, each under headers of its own; tells the ids by which each step knows the request. */
async function sellAndCancel(headers: { issue: Record<string, string>; cancel: Record<string, string> }) {
  const [offer] = requestQuote(core.ctx, { product: 'osago', query: query() }).offers;
  const body = JSON.stringify({ offer: offer?.token, holder: HOLDER, startsOn: '2026-11-23' });
  const issued = await write('/v1/policies', { body, headers: headers.issue });
  const { id } = (await issued.answer.json()) as { id: string };
  const cancelled = await write(`/v1/policies/${id}/cancel`, { body: '{"reason":"sold"}', headers: headers.cancel });
  const rows = await core.admin`select type, traceparent from core.outbox where aggregate_id = ${id} order by id`;
  return {
    issued,
    cancelled,
    rows: rows.map((row) => ({ type: row['type'], traceparent: String(row['traceparent']) })),
  };
}

let writes = 0;
async function write(path: string, { body, headers }: { body: string; headers: Record<string, string> }) {
  core.logged.length = 0;
  edge.logged.length = 0;
  writes += 1;
  const standard = {
    authorization: `Bearer ${ALFA.key}`,
    'content-type': 'application/json',
    'idempotency-key': `key-of-trace-${writes}`,
  };
  const answer = await edge.request(path, { method: 'POST', body, headers: { ...standard, ...headers } });
  const atCore = core.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    answer,
    edge: edge.logged.find(({ message }) => message === 'request')?.fields ?? {},
    core: atCore.find(({ path: logged }) => logged === path) ?? {},
  };
}

const traceOf = (traceparent: string) => /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(traceparent)?.[1];

describe('one request, from the client to the outbox', () => {
  it('S3.2 keeps the trace of the caller through edge, core and the event, each step a span of its own', async () => {
    const traceparent = `00-${TRACE}-${PARENT}-01`;
    const { issued, cancelled, rows } = await sellAndCancel({ issue: { traceparent }, cancel: { traceparent } });
    expect([issued.answer.status, cancelled.answer.status]).toEqual([201, 200]);
    expect(rows.map(({ type }) => type)).toEqual(['policy.issued.v1', 'policy.cancelled.v1']);
    expect(rows.map((row) => traceOf(row.traceparent))).toEqual([TRACE, TRACE]);
    for (const row of rows) expect(row.traceparent).not.toContain(PARENT);
    for (const step of [issued, cancelled])
      expect([step.edge['traceId'], step.core['traceId']]).toEqual([TRACE, TRACE]);
  });

  it('S3.2 has a trace that edge began where the caller brings none or a broken one', async () => {
    const { issued, cancelled, rows } = await sellAndCancel({
      issue: {},
      cancel: { traceparent: `00-${TRACE.toUpperCase()}-x-01` },
    });
    const traces = [issued, cancelled].map((step) => step.edge['traceId']);
    expect(new Set(traces).size).toBe(2);
    expect(rows.map((row) => traceOf(row.traceparent))).toEqual(traces);
    expect([issued, cancelled].map((step) => step.core['traceId'])).toEqual(traces);
  });

  it('has one id at the client, at edge and at core, the client’s own where it has a good one', async () => {
    const { issued, cancelled } = await sellAndCancel({
      issue: { 'x-request-id': 'request-of-alfa-1' },
      cancel: { 'x-request-id': 'not good' },
    });
    const idsOf = ({ answer, edge: seen, core: kept }: typeof issued) => [
      answer.headers.get('x-request-id'),
      seen['requestId'],
      kept['requestId'],
    ];
    expect(idsOf(issued)).toEqual(Array(3).fill('request-of-alfa-1'));
    const [id] = idsOf(cancelled);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(idsOf(cancelled)).toEqual(Array(3).fill(id));
  });
});
