import { expect, test } from 'vitest';
import { z } from 'zod';
import { serve } from '#platform/lifecycle/serve.ts';
import { call, Refusal } from './operator-call.ts';

const schema = z.strictObject({ said: z.string() });

/** Asks a service that answers so. */
async function ask(answer: Response | Promise<Response>, signal?: AbortSignal) {
  await using server = await serve(() => answer, { host: '127.0.0.1', port: 0, quietMs: 0 });
  const api = { url: `http://127.0.0.1:${server.port}`, token: 'x'.repeat(32) };
  return await call(api, { path: '/v1/x', schema, signal });
}

test('call gives what is answered by contract', async () => {
  expect(await ask(Response.json({ said: 'yes' }))).toEqual({ said: 'yes' });
});

test('a change can name what it changes: call puts it with If-Match, and without it with none', async () => {
  const seen: unknown[] = [];
  const keep = async (request: Request) => {
    seen.push([request.method, request.headers.get('if-match'), await request.json()]);
    return Response.json({ said: 'yes' });
  };
  await using server = await serve(keep, { host: '127.0.0.1', port: 0, quietMs: 0 });
  const api = { url: `http://127.0.0.1:${server.port}`, token: 'x'.repeat(32) };
  await call(api, { path: '/v1/x', schema, method: 'PUT', body: { a: 1 }, ifMatch: '"v"' });
  await call(api, { path: '/v1/x', schema, body: {} });
  expect(seen).toEqual([
    ['PUT', '"v"', { a: 1 }],
    ['POST', null, {}],
  ]);
});

test('call throws a refusal with its sentence, its status and its errors', async () => {
  const problem = { type: 'x', title: 'x', status: 409, detail: 'Not yet', instance: '/', traceId: 'x' };
  const errors = [{ field: 'period', message: 'is not over' }];
  const refusal = await ask(Response.json({ ...problem, errors }, { status: 409 })).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ message: 'Not yet', status: 409, errors });
});

test.each([
  [new Response('<html>', { status: 502 }), /^http:\/\/127\.0\.0\.1:\d+ answered 502$/],
  [new Response('<html>'), /^The answer of http:\S+ cannot be read$/],
  [Response.json({ said: 1 }), /^http:\S+ did not answer by contract: said: .*string/],
])('call throws one sentence for an answer that is none', async (answer, sentence) => {
  await expect(ask(answer)).rejects.toThrow(sentence);
});

test('call throws a sentence that names the address where nothing answers', async () => {
  const server = await serve(() => new Response(), { host: '127.0.0.1', port: 0 });
  await server[Symbol.asyncDispose]();
  const url = `http://127.0.0.1:${server.port}`;
  await expect(call({ url, token: 'x' }, { path: '/', schema })).rejects.toThrow(`Nothing answers at ${url}`);
});

test('call ends when it is stopped, and says by what', async () => {
  const stopped = new AbortController();
  const never = Promise.withResolvers<Response>();
  setImmediate(() => stopped.abort(new Error('stopped by SIGINT')));
  await expect(ask(never.promise, stopped.signal)).rejects.toThrow('stopped by SIGINT');
});
