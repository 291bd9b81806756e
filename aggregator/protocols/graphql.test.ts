import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { queryGraphql } from './graphql.ts';
import { testContext } from './test-context.ts';

const schema = z.object({ price: z.int() });
const query = (answer: (url: string, init: RequestInit) => Response, shape: z.ZodType = schema) =>
  queryGraphql(testContext(answer), {
    url: 'http://insurer.test/graphql',
    query: 'query Price($of: ID!) { price(of: $of) }',
    variables: { of: '2.2' },
    schema: shape,
  });

describe('queryGraphql', () => {
  test('posts the query with its variables and reads data', async () => {
    let sent = '';
    const value = await query((_, init) => {
      sent = String(init.body);
      return Response.json({ data: { price: 7 } });
    });
    expect(value).toEqual({ price: 7 });
    expect(JSON.parse(sent)).toEqual({ query: 'query Price($of: ID!) { price(of: $of) }', variables: { of: '2.2' } });
  });

  test('refuses errors that come with status 200, even beside data', async () => {
    const answer = query(() => Response.json({ data: { price: 7 }, errors: [{ message: 'tariffs\nare down' }] }));
    await expect(answer).rejects.toMatchObject({
      reason: 'fault',
      message: expect.stringContaining('"tariffs are down"'),
    });
  });

  test.each([
    ['a null where a field failed', { data: null, errors: [{ message: 'price failed', path: ['price'] }] }, 'fault'],
    ['an error without words', { data: { price: 7 }, errors: [{}] }, 'schema'],
    ['errors that are no list', { data: { price: 7 }, errors: { message: 'no' } }, 'schema'],
    ['errors that are a word', { data: { price: 7 }, errors: 'no' }, 'schema'],
    ['a second error only', { data: { price: 7 }, errors: [null, { message: 'no' }] }, 'schema'],
    ['a promise of more to come', { data: { price: 7 }, hasNext: true }, 'schema'],
  ])('refuses partial data: %s', async (_, reply, reason) => {
    await expect(query(() => Response.json(reply), z.unknown())).rejects.toMatchObject({ reason });
  });

  test.each([[{ errors: [] }], [{ errors: null }], [{ hasNext: false }]])(
    'takes data with %j for whole',
    async (beside) => {
      expect(await query(() => Response.json({ data: { price: 7 }, ...beside }))).toEqual({ price: 7 });
    },
  );

  test('reads the media type that GraphQL over HTTP has of its own', async () => {
    const headers = { 'content-type': 'application/graphql-response+json; charset=utf-8' };
    expect(await query(() => new Response('{"data":{"price":7}}', { headers }))).toEqual({ price: 7 });
    const refused = query(() => new Response('{"errors":[{"message":"no such field"}]}', { status: 400, headers }));
    await expect(refused).rejects.toMatchObject({ reason: 'fault' });
  });

  test('tells the errors of a 400 by their own words, and any other 400 by its status', async () => {
    const told = query(() => Response.json({ errors: [{ message: 'unknown field' }] }, { status: 400 }));
    await expect(told).rejects.toMatchObject({ reason: 'fault', message: expect.stringContaining('unknown field') });
    const untold = query(() => Response.json(['no'], { status: 400 }));
    await expect(untold).rejects.toMatchObject({ reason: 'status', status: 400 });
    const html = query(() => new Response('<h1>no</h1>', { status: 400, headers: { 'content-type': 'text/html' } }));
    await expect(html).rejects.toMatchObject({ reason: 'status', status: 400 });
  });

  test('never takes a 400 with data for an answer', async () => {
    const answer = query(() => Response.json({ data: { price: 7 } }, { status: 400 }));
    await expect(answer).rejects.toMatchObject({ reason: 'status', status: 400 });
  });

  test.each([[{ data: null }], [{}], [{ data: { price: '7' } }]])('refuses %j by the schema', async (reply) => {
    await expect(query(() => Response.json(reply))).rejects.toMatchObject({ reason: 'schema' });
  });
});
