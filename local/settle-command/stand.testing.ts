import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { DeadLetter } from '#contracts/dead-letter.ts';
import { rub } from '#contracts/money.ts';
import { PROBLEMS, type ProblemSlug } from '#contracts/problem.ts';
import type { RegisterLine } from '#contracts/register.ts';
import { serve } from '#platform/lifecycle/serve.ts';
import { problemResponse } from '#platform/problem/answer.ts';
import type { SettleContext } from './context.ts';

const TOKEN = 'operator-token-for-tests-only-32chars';

/** What a command asked for. */
interface Asked {
  readonly what: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A settlement that answers as told, over HTTP, and a context whose output is kept. */
export async function createStand(answer: (asked: Asked) => Response | Promise<Response>) {
  const asked: Asked[] = [];
  const server = await serve(
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const text = await request.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const one = { what: `${request.method} ${pathname}${search}`, headers: request.headers, body };
      asked.push(one);
      return await answer(one);
    },
    { host: '127.0.0.1', port: 0, quietMs: 0 },
  );
  const stdout = new PassThrough();
  const printed: string[] = [];
  stdout.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const notes: string[] = [];
  const progress: (() => string)[] = [];
  const stopped = new AbortController();
  const ctx: SettleContext = {
    settlement: { url: `http://127.0.0.1:${server.port}`, token: TOKEN },
    signal: stopped.signal,
    stdout,
    note: (sentence) => void notes.push(sentence),
    startProgress(say) {
      progress.push(say);
      return { [Symbol.dispose]() {} };
    },
  };
  return {
    ctx,
    asked,
    notes,
    progress,
    stop: () => stopped.abort(new Error('stopped by SIGINT')),
    /** All that was printed. */
    async output() {
      stdout.end();
      if (!stdout.readableEnded) await once(stdout, 'end');
      return printed.join('');
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** A refusal as settlement answers it. */
export const refuse = (slug: ProblemSlug, errors: { field: string; message: string }[] = []): Response =>
  problemResponse(slug, PROBLEMS[slug].title, { errors, instance: '/', traceId: '0'.repeat(32) });

/** A line of a register. */
export const lineOf = (line: number, overrides: Partial<RegisterLine> = {}): RegisterLine => ({
  line,
  product: 'osago',
  policyNumber: `MSK-${String(line).padStart(10, '0')}`,
  contractDate: '2026-11-22T21:30:00.000Z',
  startsOn: '2026-12-01',
  endsOn: '2027-11-30',
  premium: rub(1_234_567),
  currency: 'RUB',
  commissionRateBps: 1_500,
  commission: rub(185_185),
  toTransfer: rub(1_049_382),
  partner: 'alfa',
  operation: 'issued',
  earlierPolicy: null,
  comment: '',
  tariffVersion: 4,
  ...overrides,
});

/** What `count` such lines come to. */
export const totalsOf = (count: number) => ({
  count,
  premium: rub(1_234_567 * count),
  commission: rub(185_185 * count),
  toTransfer: rub(1_049_382 * count),
});

/** A dead letter. */
export const letterOf = (id: number, overrides: Partial<DeadLetter> = {}): DeadLetter => ({
  id: String(id),
  status: 'parked',
  topic: 'policies.v1',
  partition: 3,
  epoch: 1,
  sequence: 4,
  eventId: null,
  aggregateId: `msk-${id}`,
  reason: 'invalid-event',
  detail: 'data.product: is not known',
  bytes: 512,
  parkedAt: '2026-11-22T10:00:05.000Z',
  ...overrides,
});

/** An amount as a person would type it, with the thin spaces that are printed. */
export const thin = (text: string) => text.replaceAll('_', '\u{202F}');
