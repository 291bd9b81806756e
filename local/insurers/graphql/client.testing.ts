import type { Book, Simulator } from '../simulator.ts';

/** For tests: a client of a simulator that speaks GraphQL, over the book as it is at each request. */
export function graphqlClient(simulator: Simulator, book: Book = simulator.book()) {
  const app = simulator.serve(book);
  return async (query: string, variables: unknown = {}) => {
    const response = await app.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return {
      status: response.status,
      contentType: response.headers.get('content-type'),
      body: await response.json(),
    };
  };
}
