/** The keys that sign offers: the first signs, all verify, so that a key can be rotated without refusing live offers. */
export interface KeyRing {
  readonly signing: { readonly kid: string; readonly key: CryptoKey };
  find(kid: string): CryptoKey | undefined;
}

/** Imports the keys once: HMAC with SHA-256, RFC 7518 section 3.2. */
export async function createKeyRing(keys: readonly { kid: string; key: Uint8Array }[]): Promise<KeyRing> {
  const imported = await Promise.all(
    keys.map(async ({ kid, key }) => ({
      kid,
      key: await crypto.subtle.importKey('raw', new Uint8Array(key), { name: 'HMAC', hash: 'SHA-256' }, false, [
        'sign',
        'verify',
      ]),
    })),
  );
  const [signing] = imported;
  if (!signing) throw new Error('A key ring needs at least one key');
  return { signing, find: (kid) => imported.find((entry) => entry.kid === kid)?.key };
}
