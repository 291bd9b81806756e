import { describe, expect, test } from 'vitest';
import { graphqlEndpoint } from './endpoint.ts';

const QUERY =
  'query Price($row: String!, $on: String, $page: Int) { price(row: $row, on: $on, page: $page) { amount } }';
const OTHER = 'query Rows { rows }';
const app = graphqlEndpoint([
  { query: QUERY, resolve: (variables) => (variables['row'] === '8' ? { problem: 'No row 8' } : { data: variables }) },
  { query: OTHER, resolve: () => ({ data: { rows: [] } }) },
]);
const post = (body: string, contentType = 'application/json') =>
  app.request('/graphql', { method: 'POST', body, headers: { 'content-type': contentType } });
const ask = async (body: unknown) => {
  const response = await post(JSON.stringify(body));
  return { status: response.status, body: await response.json() };
};

describe('a simulated GraphQL endpoint', () => {
  test('answers a registered query however it is laid out, with data alone', async () => {
    const laidOut = QUERY.replaceAll(' ', '\n\t ');
    const variables = { row: '2.2', on: null, page: 2, unknown: true };
    expect(await ask({ query: laidOut, variables, operationName: 'Price' })).toEqual({
      status: 200,
      body: { data: variables },
    });
    expect(await ask({ query: OTHER })).toEqual({ status: 200, body: { data: { rows: [] } } });
  });

  test('tells an error of a good request with status 200 and null data', async () => {
    expect(await ask({ query: QUERY, variables: { row: '8' } })).toEqual({
      status: 200,
      body: { data: null, errors: [{ message: 'No row 8', extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  });

  test.each([
    ['no object', [], 'BAD_REQUEST', 'The body must be a JSON object'],
    ['no query', { operationName: 'Price' }, 'BAD_REQUEST', 'The body must have a query'],
    [
      'an unknown query',
      { query: '{ __schema { types { name } } }' },
      'GRAPHQL_VALIDATION_FAILED',
      'only Price, Rows as registered',
    ],
    [
      'a field more',
      { query: QUERY.replace('amount', 'amount currency'), variables: { row: '1' } },
      'GRAPHQL_VALIDATION_FAILED',
      'Unknown query',
    ],
    [
      'an unknown operation name',
      { query: OTHER, operationName: 'Price' },
      'OPERATION_RESOLUTION_FAILURE',
      'Unknown operation named "Price".',
    ],
    [
      'an operation name that is no string',
      { query: OTHER, operationName: 7 },
      'OPERATION_RESOLUTION_FAILURE',
      'Unknown operation named 7.',
    ],
    ['variables that are no object', { query: OTHER, variables: [] }, 'BAD_REQUEST', 'The variables must be'],
    ['no variables', { query: QUERY }, 'BAD_USER_INPUT', '"$row" of required type "String!" was not provided'],
    ['a null in place of a value', { query: QUERY, variables: { row: null } }, 'BAD_USER_INPUT', '"$row" of required'],
    ['a number for a string', { query: QUERY, variables: { row: 2 } }, 'BAD_USER_INPUT', '"$row" got invalid value 2'],
    [
      'a string for an Int',
      { query: QUERY, variables: { row: '1', page: '2' } },
      'BAD_USER_INPUT',
      '"$page" got invalid value "2"; it is no Int',
    ],
    [
      'half an Int',
      { query: QUERY, variables: { row: '1', page: 1.5 } },
      'BAD_USER_INPUT',
      '"$page" got invalid value 1.5',
    ],
    [
      'more than 32 bits',
      { query: QUERY, variables: { row: '1', page: 2 ** 31 } },
      'BAD_USER_INPUT',
      '"$page" got invalid value 2147483648',
    ],
  ])('refuses %s with status 400, an error and no data', async (_, body, code, message) => {
    expect(await ask(body)).toEqual({
      status: 400,
      body: { errors: [{ message: expect.stringContaining(message), extensions: { code } }] },
    });
  });

  test('refuses what is no JSON, another media type and another method', async () => {
    expect((await post('{')).status).toBe(400);
    expect((await post('{}', 'text/plain')).status).toBe(415);
    const get = await app.request(`/graphql?query=${encodeURIComponent(OTHER)}`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
