import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { compactVerify } from 'jose';
import { HOP_HEADER, HOP_TTL_SECONDS, HopClaims } from '#contracts/hop.ts';
import { Unauthenticated } from '#platform/problem/domain-error.ts';
import type { TraceVariables } from '#platform/telemetry/trace.ts';

/** What a verified hop tells of the call. */
export interface HopVariables extends TraceVariables {
  hop: HopClaims;
}

/** Clocks of one region's machines may differ by this, seconds. */
const SKEW_SECONDS = 5;

/** Lets through only calls that this region's edge signed: this method, path and body, at most 30 s ago. */
export function verifyHop(hopKey: Uint8Array, now: () => Date): MiddlewareHandler<{ Variables: HopVariables }> {
  return async (c, next) => {
    const token = c.req.header(HOP_HEADER);
    if (!token) throw new Unauthenticated('This call must come through the edge of this region');
    const claims = await readHop(token, hopKey);
    const nowSeconds = now().getTime() / 1000;
    const url = new URL(c.req.url);
    const body = new Uint8Array(await c.req.arrayBuffer());
    const good =
      claims !== undefined &&
      claims.exp - claims.iat <= HOP_TTL_SECONDS &&
      claims.exp + SKEW_SECONDS >= nowSeconds &&
      claims.iat - SKEW_SECONDS <= nowSeconds &&
      claims.method === c.req.method &&
      claims.path === url.pathname + url.search &&
      claims.bodyDigest === createHash('sha256').update(body).digest('base64url');
    if (!good) throw new Unauthenticated('The signature of the edge does not match this call');
    c.set('hop', claims);
    await next();
  };
}

async function readHop(token: string, hopKey: Uint8Array): Promise<HopClaims | undefined> {
  try {
    const { payload } = await compactVerify(token, hopKey, { algorithms: ['HS256'] });
    return HopClaims.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    return undefined;
  }
}
