import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { CLOCKS_DIFFER_SECONDS, HOP_HEADER, HOP_TTL_SECONDS, HopClaims } from '#contracts/hop.ts';
import { Unauthenticated } from '#platform/problem/domain-error.ts';
import type { TraceVariables } from '#platform/telemetry/trace.ts';
import { headerOf, isSignedBy, splitJws } from '../signatures/hs256.ts';
import { requireTime } from './require-time.ts';

/** What a verified hop tells of the call. */
export interface HopVariables extends TraceVariables {
  hop: HopClaims;
}

/**
 * Lets through only calls that this region's edge signed: this method, path and body, at most 30 s ago. One that edge has
 * given up meanwhile is refused: its work would be for nobody.
 */
export function verifyHop(hopKey: Uint8Array, now: () => Date): MiddlewareHandler<{ Variables: HopVariables }> {
  const secret = createSecretKey(hopKey);
  return async (c, next) => {
    const token = c.req.header(HOP_HEADER);
    if (!token) throw new Unauthenticated('This call must come through the edge of this region');
    const claims = readHop(token, secret);
    const nowSeconds = now().getTime() / 1000;
    const url = new URL(c.req.url);
    const body = new Uint8Array(await c.req.arrayBuffer());
    const good =
      claims !== undefined &&
      claims.exp - claims.iat <= HOP_TTL_SECONDS &&
      claims.exp + CLOCKS_DIFFER_SECONDS >= nowSeconds &&
      claims.iat - CLOCKS_DIFFER_SECONDS <= nowSeconds &&
      claims.method === c.req.method &&
      claims.path === url.pathname + url.search &&
      claims.bodyDigest === hash('sha256', body, 'base64url');
    if (!good) throw new Unauthenticated('The signature of the edge does not match this call');
    requireTime(now, claims.deadline);
    c.set('hop', claims);
    // For who parses it: Hono would make a response of the bytes to read them as text, at 20 us.
    Object.assign(c.req.bodyCache, { text: Promise.resolve(new TextDecoder().decode(body)) });
    await next();
  };
}

const HEADER = headerOf();

function readHop(token: string, secret: KeyObject): HopClaims | undefined {
  const jws = splitJws(token);
  if (jws?.header !== HEADER || !isSignedBy(jws, secret)) return undefined;
  try {
    return HopClaims.parse(JSON.parse(jws.payload.toString()));
  } catch {
    return undefined;
  }
}
