import { base64url, SignJWT } from 'jose';
import { HOP_TTL_SECONDS, type HopClaims } from '#contracts/hop.ts';
import type { EdgeContext } from '../context.ts';

type Signed = Omit<HopClaims, 'iat' | 'exp' | 'bodyDigest'> & { body?: Uint8Array<ArrayBuffer> | undefined };

const NOTHING = new Uint8Array();

/** A JWS over this very call: core refuses any other method, path, body or caller under it. */
export async function signHop(ctx: Pick<EdgeContext, 'config' | 'now'>, call: Signed): Promise<string> {
  const { body = NOTHING, ...claims } = call;
  const bodyDigest = base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
  const issuedAt = Math.floor(ctx.now() / 1000);
  return new SignJWT({ ...claims, bodyDigest })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + HOP_TTL_SECONDS)
    .sign(ctx.config.HOP_KEY);
}
