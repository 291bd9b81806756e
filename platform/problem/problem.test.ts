import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PROBLEMS, Problem, type ProblemSlug } from '#contracts/problem.ts';
import { type TraceVariables, trace } from '#platform/telemetry/trace.ts';
import { problemResponse } from './answer.ts';
import { DomainError, InvalidRequest, NotFound, type ProblemExtras, Unauthenticated } from './domain-error.ts';
import { onError, onNotFound } from './handlers.ts';
import { fieldErrors } from './zod-fields.ts';

const SLUGS = Object.keys(PROBLEMS) as ProblemSlug[];
const answer = (slug: ProblemSlug, extras: ProblemExtras = {}) =>
  problemResponse(slug, 'said so', { ...extras, instance: '/v1/x', traceId: 'a'.repeat(32) });

/** Statuses that DESIGN 2 promises; the rest is between services. */
const STATUSES: Partial<Record<ProblemSlug, number>> = {
  unauthenticated: 401,
  'rate-limited': 429,
  'offer-invalid': 400,
  'offer-expired': 409,
  'wrong-region': 421,
  'core-unavailable': 503,
  'payload-too-large': 413,
  'invalid-request': 400,
  'idempotency-key-reused': 422,
  'not-found': 404,
  internal: 500,
};

describe('problemResponse', () => {
  test.each(SLUGS)(
    '%s has status, title and a type that ends in the slug (RFC 9457), and is never cached',
    async (slug) => {
      const response = answer(slug);
      expect(response.status).toBe(PROBLEMS[slug].status);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const problem = z.strictObject(Problem.shape).parse(await response.json());
      expect(problem).toEqual({
        type: `https://insuretech.example/problems/${slug}`,
        title: PROBLEMS[slug].title,
        status: PROBLEMS[slug].status,
        detail: 'said so',
        instance: '/v1/x',
        traceId: 'a'.repeat(32),
      });
    },
  );

  test.each(Object.entries(STATUSES))('%s is %i', (slug, status) => {
    expect(PROBLEMS[slug as ProblemSlug].status).toBe(status);
  });

  test('Retry-After is whole seconds and at least one', () => {
    const sent = [0, 0.2, 1, 1.01, 30].map((retryAfterSeconds) =>
      answer('rate-limited', { retryAfterSeconds }).headers.get('retry-after'),
    );
    expect(sent).toEqual(['1', '1', '1', '2', '30']);
    expect(answer('rate-limited').headers.has('retry-after')).toBe(false);
  });

  test('401 says how to authenticate (RFC 9110, 11.6.1), no other status does', () => {
    const sent = SLUGS.filter((slug) => answer(slug).headers.get('www-authenticate') === 'Bearer');
    expect(sent).toEqual(['unauthenticated']);
  });

  test('wrong-region tells the home, offer-expired where a fresh quote is', async () => {
    expect(await answer('wrong-region', { home: 'https://nsk' }).json()).toMatchObject({ home: 'https://nsk' });
    expect(await answer('offer-expired', { quote: '/v1/quotes' }).json()).toMatchObject({ quote: '/v1/quotes' });
  });
});

/** An app that throws `error` at `/`, and what it logs. */
function throwing(error: Error) {
  const logged: unknown[] = [];
  const app = new Hono<{ Variables: TraceVariables }>().use(trace());
  app.onError(onError((fields) => logged.push(fields)));
  app.notFound(onNotFound(app.routes));
  app.get('/', () => {
    throw error;
  });
  return { app, logged };
}

describe('errors', () => {
  test.each([
    [new DomainError('offer-expired', 'too late', { quote: '/q' }), 409, 'offer-expired'],
    [new InvalidRequest([{ field: 'a', message: 'is wrong' }]), 400, 'invalid-request'],
    [new NotFound('Policy "x"'), 404, 'not-found'],
    [new Unauthenticated('no key'), 401, 'unauthenticated'],
    [new HTTPException(400, { message: 'Malformed JSON in request body' }), 400, 'invalid-request'],
  ])('%s is answered as it says, and is no fault to log', async (error, status, slug) => {
    const { app, logged } = throwing(error);
    const response = await app.request('/');
    expect(response.status).toBe(status);
    expect(((await response.json()) as Problem).type).toMatch(new RegExp(`/${slug}$`));
    expect(logged).toEqual([]);
  });

  test('an unexpected error is logged with its cause, and answered without its message', async () => {
    const error = new Error('password of the database is hunter2', { cause: new Error('deep') });
    const { app, logged } = throwing(error);
    const response = await app.request('/');
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/hunter2|deep|password/);
    expect(logged).toEqual([{ err: error, traceId: (JSON.parse(text) as Problem).traceId, path: '/' }]);
  });

  test('an HTTPException that nobody here meant is unexpected too', async () => {
    const { app, logged } = throwing(new HTTPException(418, { message: 'inside' }));
    const response = await app.request('/');
    expect([response.status, logged.length]).toEqual([500, 1]);
    expect(await response.text()).not.toContain('inside');
  });

  test('a method that a path does not have is 405, and Allow says those that it has (RFC 9110, 15.5.6)', async () => {
    const { app } = throwing(new Error());
    app.post('/', (c) => c.text('')).get('/only-read', (c) => c.text(''));
    const answers = await Promise.all(
      [
        ['DELETE', '/'],
        ['POST', '/only-read'],
        ['HEAD', '/only-read'],
        ['PUT', '/nowhere'],
      ].map(async ([method = '', path = '']) => {
        const answer = await app.request(path, { method });
        return [answer.status, answer.headers.get('allow')];
      }),
    );
    expect(answers).toEqual([
      [405, 'GET, HEAD, POST'],
      [405, 'GET, HEAD'],
      [200, null],
      [404, null],
    ]);
    const refused = (await (await app.request('/only-read', { method: 'PUT' })).json()) as Problem;
    expect(refused.type).toMatch(/method-not-allowed$/);
    expect(refused.detail).toBe('There is nothing at PUT /only-read: use GET or HEAD');
  });

  test('a path that is not there is a problem as well', async () => {
    const response = await throwing(new Error()).app.request('/nowhere');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: 'There is nothing at GET /nowhere', instance: '/nowhere' });
  });
});

describe('fieldErrors', () => {
  const Body = z.strictObject({
    holder: z.strictObject({ phone: z.e164('must be in E.164 form') }),
    days: z.array(z.int()),
  });
  const errorsOf = (body: unknown) => fieldErrors(Body.safeParse(body).error as z.ZodError);

  test('names a field by its path', () => {
    expect(errorsOf({ holder: { phone: '1' }, days: [1, 'x'] })).toEqual([
      { field: 'holder.phone', message: 'must be in E.164 form' },
      { field: 'days.1', message: 'must be of type number' },
    ]);
  });

  test('names each field that is not known, where it is', () => {
    expect(errorsOf({ holder: { phone: '+79991234567', fax: 1, telex: 2 }, days: [], price: 1 })).toEqual([
      { field: 'holder.fax', message: 'is not a field of this request' },
      { field: 'holder.telex', message: 'is not a field of this request' },
      { field: 'price', message: 'is not a field of this request' },
    ]);
  });

  test('names one without a name by none, and not as the body', () => {
    expect(errorsOf({ holder: { phone: '+79991234567' }, days: [], '': 1 })).toEqual([
      { field: '', message: 'is not a field of this request' },
    ]);
  });

  test('names a field that breaks two rules once, with both', () => {
    const Named = z.object({ name: z.string().min(2, 'must be longer').regex(/^a/, 'must begin with a') });
    const { error } = Named.safeParse({ name: 'b' });
    expect(fieldErrors(error as z.ZodError)).toEqual([{ field: 'name', message: 'must be longer; must begin with a' }]);
  });

  test('says what is allowed in words of its own', () => {
    const Words = z.object({
      absent: z.string(),
      day: z.iso.date(),
      mail: z.email(),
      month: z.literal(12),
      use: z.enum(['personal', 'taxi']),
    });
    const { error } = Words.safeParse({ day: 'x', mail: 'x', month: 1, use: 'x' });
    expect(fieldErrors(error as z.ZodError).map(({ field, message }) => `${field} ${message}`)).toEqual([
      'absent is required',
      'day must be a date as in ISO 8601, such as 2026-12-01',
      'mail must be an e-mail address',
      'month must be 12',
      'use must be one of personal, taxi',
    ]);
  });

  test('says how much is allowed', () => {
    const Sizes = z.object({
      name: z.string().min(2),
      reason: z.string().min(1),
      note: z.string().max(3),
      insurers: z.array(z.int()).max(1),
      version: z.int().positive(),
      days: z.int().min(3),
      percent: z.number().max(100),
      share: z.number().lt(1),
    });
    const sizes = {
      name: 'x',
      reason: '',
      note: 'abcd',
      insurers: [1, 2],
      version: 0,
      days: 2,
      percent: 101,
      share: 1,
    };
    const { error } = Sizes.safeParse(sizes);
    expect(fieldErrors(error as z.ZodError).map(({ field, message }) => `${field} ${message}`)).toEqual([
      'name must have at least 2 characters',
      'reason must have at least 1 character',
      'note must have at most 3 characters',
      'insurers must have at most 1 element',
      'version must be more than 0',
      'days must be at least 3',
      'percent must be at most 100',
      'share must be less than 1',
    ]);
  });

  test('says of a name that is wrong what it must be', () => {
    const { error } = z.record(z.string().regex(/^[a-z]+$/, 'must be letters'), z.int()).safeParse({ A1: 1 });
    expect(fieldErrors(error as z.ZodError)).toEqual([{ field: 'A1', message: 'its name must be letters' }]);
  });

  test('a body that is no object is named as a whole', () => {
    expect(errorsOf('text')[0]?.field).toBe('body');
  });
});
