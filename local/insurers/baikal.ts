import { type Context, Hono } from 'hono';
import { type Book, editionOf, type Rate } from './book.ts';

const MAX_PAGE_SIZE = 2;

/** The one query that is served, compared without regard to white space. */
const QUERY = `query AgentTariffs($first: Int!, $after: String) {
  agentTariffs(product: OSAGO, first: $first, after: $after) {
    edition commissionBasisPoints
    edges { node { vehicleClass baseRate { amount currency } validFrom validTo } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const CLASSES: Record<string, string> = {
  '1': 'MOTORCYCLE',
  '2.1': 'CAR_COMPANY',
  '2.2': 'CAR_INDIVIDUAL',
  '2.3': 'CAR_TAXI',
  '3.1': 'TRUCK_TO_16T',
  '3.2': 'TRUCK_OVER_16T',
  '4.1': 'BUS_SMALL',
  '4.2': 'BUS',
  '4.3': 'BUS_REGULAR',
  '5': 'TROLLEYBUS',
  '6': 'TRAM',
  '7': 'SPECIAL_MACHINE',
};

interface Body {
  query?: unknown;
  variables?: { first?: unknown; after?: unknown };
}

/** Baikal: GraphQL, roubles with a point, moments with an offset, pages by an opaque cursor. */
export function createBaikal(book: Book): Hono {
  const app = new Hono();
  app.post('/graphql', async (c) => {
    const body: Body | null = await c.req.json().catch(() => null);
    if (body === null)
      return refuse(c, { message: 'The body must be a JSON object', code: 'BAD_REQUEST', status: 400 });
    const { query, variables } = body;
    if (typeof query !== 'string' || squeezed(query) !== squeezed(QUERY)) {
      return refuse(c, {
        message: 'Unknown query: only AgentTariffs is served',
        code: 'GRAPHQL_VALIDATION_FAILED',
        status: 400,
      });
    }
    const { first, after } = variables ?? {};
    const offset = after === null || after === undefined ? 0 : offsetOf(String(after));
    if (offset === undefined || !Number.isInteger(first) || Number(first) < 1) {
      return refuse(c, { message: 'Wrong first or after', code: 'BAD_USER_INPUT', status: 200 });
    }
    return c.json({ data: { agentTariffs: page(book, { offset, first: Number(first) }) } });
  });
  return app;
}

function page(book: Book, { offset, first }: { offset: number; first: number }) {
  const end = Math.min(offset + Math.min(first, MAX_PAGE_SIZE), book.rates.length);
  return {
    edition: editionOf(book),
    commissionBasisPoints: book.commissionRateBps,
    edges: book.rates.slice(offset, end).map((rate) => ({ node: node(rate) })),
    pageInfo: { hasNextPage: end < book.rates.length, endCursor: end > offset ? cursorOf(end) : null },
  };
}

function node({ row, baseRateMinor, from, until }: Rate) {
  const rest = baseRateMinor % 100;
  return {
    vehicleClass: CLASSES[row] ?? row,
    baseRate: { amount: `${(baseRateMinor - rest) / 100}.${String(rest).padStart(2, '0')}`, currency: 'RUB' },
    validFrom: `${from}T00:00:00+03:00`,
    validTo: until === null ? null : `${until}T00:00:00+03:00`,
  };
}

/** A GraphQL error: `data` null and `errors`; one of execution comes with status 200, as servers do. */
function refuse(c: Context, { message, code, status }: { message: string; code: string; status: 200 | 400 }): Response {
  return c.json({ data: null, errors: [{ message, extensions: { code } }] }, status);
}

const squeezed = (query: string) => query.replace(/\s+/g, ' ').trim();
const cursorOf = (offset: number) => btoa(`rate:${offset}`);

function offsetOf(cursor: string): number | undefined {
  const [, digits] = /^rate:(\d{1,6})$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
