import { base64url, SignJWT } from 'jose';
import { HOP_TTL_SECONDS, type HopClaims } from '#contracts/hop.ts';
import type { EdgeContext } from '../context.ts';

type Signed = Omit<HopClaims, 'iat' | 'exp' | 'bodyDigest'> & { body?: Uint8Array<ArrayBuffer> | undefined };

/** SHA-256 of nothing, which most calls have as their body. */
const DIGEST_OF_NOTHING = '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU';
const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** Imported once: given as bytes, jose imports a key for each signature, which doubles what it costs. */
const imported = new WeakMap<Uint8Array, CryptoKey>();

async function keyOf(bytes: Uint8Array): Promise<CryptoKey> {
  const known = imported.get(bytes);
  if (known) return known;
  const key = await crypto.subtle.importKey('raw', bytes as Uint8Array<ArrayBuffer>, HMAC, false, ['sign']);
  imported.set(bytes, key);
  return key;
}

/** A JWS over this very call: core refuses any other method, path, body or caller under it. */
export async function signHop(ctx: Pick<EdgeContext, 'config' | 'now'>, call: Signed): Promise<string> {
  const { body, ...claims } = call;
  const bodyDigest = body?.length
    ? base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', body)))
    : DIGEST_OF_NOTHING;
  const issuedAt = Math.floor(ctx.now() / 1000);
  return new SignJWT({ ...claims, bodyDigest })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + HOP_TTL_SECONDS)
    .sign(await keyOf(ctx.config.HOP_KEY));
}
