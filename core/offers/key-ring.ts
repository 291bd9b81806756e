import { createSecretKey, type KeyObject } from 'node:crypto';

/** The keys that sign offers: the first signs, all verify, so that a key can be rotated without refusing live offers. */
export interface KeyRing {
  readonly signing: { readonly kid: string; readonly secret: KeyObject };
  find(kid: string): CryptoKey | undefined;
}

/** Imports the keys once: HMAC with SHA-256, RFC 7518 section 3.2. */
export async function createKeyRing(keys: readonly { kid: string; key: Uint8Array }[]): Promise<KeyRing> {
  const [first] = keys;
  if (!first) throw new Error('A key ring needs at least one key');
  const verifying = await Promise.all(keys.map(async ({ kid, key }) => [kid, await importVerifying(key)] as const));
  const byKid = new Map(verifying);
  return { signing: { kid: first.kid, secret: createSecretKey(first.key) }, find: (kid) => byKid.get(kid) };
}

const importVerifying = (key: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', new Uint8Array(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
