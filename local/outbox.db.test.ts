import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from '#platform/lifecycle/serve.ts';
import { createTestCore } from '../core/core.testing.ts';

let core: Awaited<ReturnType<typeof createTestCore>>;
let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  core = await createTestCore();
  server = await serve(core.app.fetch, { host: '127.0.0.1', port: 0 });
  await core.admin`insert into core.outbox (partition, key, event_id, aggregate_id, aggregate_version, type, occurred_at, data)
    values (3, 'k', gen_random_uuid(), 'msk-a', 1, 'policy.issued.v1', ${core.clock.at.toISOString()}, '{}')`;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await core[Symbol.asyncDispose]();
});

/** `npm run outbox -- ...` against the test's core. */
async function outbox(args: readonly string[], token = core.config.OPERATOR_TOKEN) {
  const env = { ...process.env, CORE_URL: `http://127.0.0.1:${server.port}`, OPERATOR_TOKEN: token };
  const command = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'local/outbox.ts', ...args], {
    env,
  });
  const [out, error, code] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    new Promise<number | null>((resolve) => command.on('close', resolve)),
  ]);
  return { lines: out.trimEnd().split('\n'), error: error.trimEnd(), code };
}

test('npm run outbox -- status shows what waits of each partition', async () => {
  core.advance(61_000);
  const { lines, code } = await outbox(['status']);
  expect([code, lines.length, lines[0]]).toEqual([0, 14, '1 event waits, the first for 61.0 s.']);
  expect(lines[5]).toMatch(/^ +3 +0 +0 +1 +2026-11-22T10:00:00\.000Z$/);
});

test('npm run outbox -- replay says what is sent again, and leaves its reason with core', async () => {
  await core.admin`insert into core.outbox_cursor (partition, epoch, sequence, done)
    select 3, 1, 1, (max(xid)::text::bigint + 1 || ':' || max(xid)::text::bigint + 1 || ':')::pg_snapshot from core.outbox`;
  const { lines, code } = await outbox([
    'replay',
    '--from',
    'beginning',
    '--partition',
    '3',
    '--reason',
    'a new topic',
  ]);
  expect([code, lines]).toEqual([0, ['1 event will be sent again.', 'partition  events', '        3       1']]);
  expect(core.logged.join('')).toContain('"reason":"a new topic"');
});

test('npm run outbox ends with 1 and one sentence when core refuses, and with 78 when it is asked for nothing that is', async () => {
  const eventId = randomUUID();
  expect(await outbox(['replay', '--from', eventId])).toMatchObject({
    code: 1,
    error: `outbox: The request is not valid: from: no event with the id ${eventId} is in the outbox`,
  });
  expect(await outbox(['status'], 'x'.repeat(32))).toMatchObject({
    code: 1,
    error: 'outbox: This call needs the operator token: Authorization: Bearer <token>',
  });
  expect(await outbox(['drain'])).toMatchObject({
    code: 78,
    error: expect.stringContaining('"drain" is not a command'),
  });
});
