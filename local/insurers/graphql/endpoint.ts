import { type Context, Hono } from 'hono';

type Variables = Readonly<Record<string, unknown>>;

/** An operation as its company has registered it; `resolve` gets variables of the types that the query declares. */
export interface Operation {
  readonly query: string;
  /** The data, or the words of an error that came up while it was looked for. */
  readonly resolve: (variables: Variables) => { data: unknown } | { problem: string };
}

interface Refusal {
  message: string;
  code: 'BAD_REQUEST' | 'GRAPHQL_VALIDATION_FAILED' | 'OPERATION_RESOLUTION_FAILURE' | 'BAD_USER_INPUT';
}

/** In the head of a query; an argument has the variable after the colon, so only definitions match. */
const DEFINITION = /\$(\w+): (Int|String)(!?)/g;

/**
 * GraphQL over POST /graphql, for registered operations only: compared without regard to white space. What is wrong with
 * a request is told with status 400 and no `data`; what goes wrong in a good one, with status 200 and `data` null.
 */
export function graphqlEndpoint(
  operations: readonly Operation[],
  mediaType: 'application/json' | 'application/graphql-response+json' = 'application/json',
): Hono {
  const app = new Hono();
  const answer = (c: Context, body: unknown, status: 200 | 400 = 200) =>
    c.body(JSON.stringify(body), status, { 'content-type': `${mediaType}; charset=utf-8` });

  app.post('/graphql', async (c) => {
    if (!c.req.header('content-type')?.startsWith('application/json')) return c.text('Unsupported Media Type', 415);
    const read = readRequest(await c.req.json().catch(() => null), operations);
    if ('refusal' in read) {
      const { message, code } = read.refusal;
      return answer(c, { errors: [{ message, extensions: { code } }] }, 400);
    }
    const outcome = read.operation.resolve(read.variables);
    if ('data' in outcome) return answer(c, outcome);
    return answer(c, {
      data: null,
      errors: [{ message: outcome.problem, extensions: { code: 'BAD_USER_INPUT' satisfies Refusal['code'] } }],
    });
  });
  app.all('/graphql', (c) => c.text('Method Not Allowed', 405, { allow: 'POST' }));
  return app;
}

const refuse = (code: Refusal['code'], message: string): { refusal: Refusal } => ({ refusal: { message, code } });

function readRequest(
  body: unknown,
  operations: readonly Operation[],
): { operation: Operation; variables: Variables } | { refusal: Refusal } {
  if (!isObject(body)) return refuse('BAD_REQUEST', 'The body must be a JSON object');
  const { query, variables = null, operationName = null } = body;
  if (typeof query !== 'string') return refuse('BAD_REQUEST', 'The body must have a query, a string');
  const operation = operations.find((known) => squeezed(known.query) === squeezed(query));
  if (operation === undefined) {
    const names = operations.map((known) => nameOf(known.query)).join(', ');
    return refuse('GRAPHQL_VALIDATION_FAILED', `Unknown query: only ${names} as registered`);
  }
  if (operationName !== null && operationName !== nameOf(operation.query)) {
    return refuse('OPERATION_RESOLUTION_FAILURE', `Unknown operation named ${JSON.stringify(operationName)}.`);
  }
  if (variables !== null && !isObject(variables)) return refuse('BAD_REQUEST', 'The variables must be a JSON object');
  const wrong = wrongVariable(operation.query, variables ?? {});
  if (wrong !== undefined) return refuse('BAD_USER_INPUT', wrong);
  return { operation, variables: variables ?? {} };
}

/** What the first variable that is not of its declared type should have been. */
function wrongVariable(query: string, given: Variables): string | undefined {
  for (const [, name = '', type = '', required = ''] of query.matchAll(DEFINITION)) {
    const value = given[name] ?? null;
    if (value === null) {
      if (required === '') continue;
      return `Variable "$${name}" of required type "${type}!" was not provided.`;
    }
    const fits = type === 'Int' ? isInt32(value) : typeof value === 'string';
    if (!fits) return `Variable "$${name}" got invalid value ${JSON.stringify(value)}; it is no ${type}.`;
  }
  return undefined;
}

const squeezed = (query: string) => query.replace(/\s+/g, ' ').trim();
const nameOf = (query: string) => /^\s*query (\w+)/.exec(query)?.[1] ?? 'anonymous';
const isInt32 = (value: unknown) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
const isObject = (value: unknown): value is Variables =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
