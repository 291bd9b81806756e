import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { queryGraphql } from './graphql.ts';
import { testContext } from './test-context.ts';

const schema = z.object({ price: z.int() });
const query = (answer: (url: string, init: RequestInit) => Response) =>
  queryGraphql(testContext(answer), {
    url: 'http://insurer.test/graphql',
    query: 'query Price($of: ID!) { price(of: $of) }',
    variables: { of: '2.2' },
    schema,
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
