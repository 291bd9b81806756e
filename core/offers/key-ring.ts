import { createSecretKey, type KeyObject } from 'node:crypto';
import { headerOf } from '../signatures/hs256.ts';

/** The keys that sign offers: the first signs, all verify, so that a key can be rotated without refusing live offers. */
export interface KeyRing {
  readonly signing: { readonly header: string; readonly secret: KeyObject };
  /** The key of a token with this header; undefined for any other algorithm, key or spelling. */
  find(header: string): KeyObject | undefined;
}

/** Throws without a key. */
export function createKeyRing(keys: readonly { kid: string; key: Uint8Array }[]): KeyRing {
  const ring = keys.map(({ kid, key }) => ({ header: headerOf(kid), secret: createSecretKey(key) }));
  const [signing] = ring;
  if (!signing) throw new Error('A key ring needs at least one key');
  const byHeader = new Map(ring.map(({ header, secret }) => [header, secret]));
  return { signing, find: (header) => byHeader.get(header) };
}
