import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestEdge, slugOf } from '../edge.testing.ts';
import { SITE } from '../fake-core.testing.ts';

/** Node's own limit of a request's line and headers, bytes: what core reads. */
const CORE_READS = 16 * 1024;
const ORIGIN = 'http://localhost';
const QUOTE = '/v1/quotes/osago?place=';

/** Bytes of the head of a call, as they go over the wire. */
function headOf({ target, headers }: { target: string; headers: Headers }): number {
  const lines = [`GET ${target} HTTP/1.1`, ...[...headers].map(([name, value]) => `${name}: ${value}`)];
  return lines.reduce((sum, line) => sum + new TextEncoder().encode(`${line}\r\n`).length, 0);
}

describe('what core could not read', () => {
  it.each(['/v1/products', QUOTE, '/v1/localities?q=', '/v1/policies?cursor='])(
    'an address of over 2,000 characters at %s is refused by name, and core is not asked',
    async (path) => {
      const edge = createTestEdge();
      const target = `${path}${path.includes('?') ? '' : '?'}`.padEnd(2_001 - ORIGIN.length, 'x');
      const response = await edge.get(target, { key: SITE.key });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [{ field: 'url', message: 'must be at most 2000 characters' }],
      });
      expect(edge.sent.filter((url) => !url.includes('/internal/partners/'))).toEqual([]);
    },
  );

  it('an address of 2,000 characters is asked for', async () => {
    const edge = createTestEdge();
    expect((await edge.get(QUOTE.padEnd(2_000 - ORIGIN.length, 'x'))).status).toBe(200);
  });

  it.each(['content-type', 'idempotency-key'])('a %s of over 256 characters is refused', async (name) => {
    const edge = createTestEdge();
    const sale = (value: string) =>
      edge.get('/v1/policies', { method: 'POST', body: '{}', key: SITE.key, headers: { [name]: value } });
    expect((await sale('x'.repeat(256))).status).toBe(201);
    const refused = await sale('x'.repeat(257));
    expect([refused.status, await slugOf(refused)]).toEqual([400, 'invalid-request']);
    expect(edge.core.callsTo('/v1/policies')).toHaveLength(1);
  });

  it('counts on the limit of its caller', async () => {
    const edge = createTestEdge({ env: { ANONYMOUS_LIMIT_PER_SECOND: '1' } });
    const long = QUOTE.padEnd(3_000, 'x');
    expect((await edge.get(long)).status).toBe(400);
    expect((await edge.get(long)).status).toBe(429);
  });

  it('whatever an address holds, the call for it fits into what core reads', async () => {
    const unit = fc.constantFrom('!', "'", '(', '~', '*', '%', '+', 'я', '€', 'a', '&', '=', '😀');
    const lengthOf = (target: string) => new URL(target, ORIGIN).href.length;
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 12 }), async (units) => {
        const edge = createTestEdge();
        const piece = units.join('');
        const room = 2_000 - lengthOf(QUOTE);
        const target = QUOTE + piece.repeat(room / (lengthOf(QUOTE + piece) - lengthOf(QUOTE)));
        const response = await edge.get(target, { headers: { 'x-request-id': 'x'.repeat(64) } });
        expect(response.status).toBe(200);
        for (const call of edge.core.callsTo('/v1/quotes')) expect(headOf(call)).toBeLessThan(CORE_READS);
      }),
      { examples: [[['!']]] },
    );
  });
});
