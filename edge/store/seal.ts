import { base64url } from 'jose';

/** Texts of the store that only an edge with the same key can have written, each under its own name. */
export interface Seal {
  close(name: string, text: string): Promise<string>;
  /** The text; undefined when this is not what was closed under this name. */
  open(name: string, sealed: unknown): Promise<string | undefined>;
}

/** No JWS begins so: the key signs hops too, and one can never be taken for the other. */
const PURPOSE = 'insuretech-edge entry of the store';
const HMAC = { name: 'HMAC', hash: 'SHA-256' };
/** 32 bytes in base64url. */
const MAC_LENGTH = 43;

/**
 * The store is a third party's: whoever can write to it, or mistakes one entry for another, must not be able to answer for
 * core. HMAC-SHA256 (RFC 2104) over purpose, name and text, before the text.
 */
export function createSeal(key: Uint8Array<ArrayBuffer>): Seal {
  let imported: CryptoKey | undefined;
  const importOnce = async () => {
    imported ??= await crypto.subtle.importKey('raw', key, HMAC, false, ['sign', 'verify']);
    return imported;
  };
  const message = (name: string, text: string) => new TextEncoder().encode(`${PURPOSE}\n${name}\n${text}`);
  return {
    async close(name, text) {
      const mac = await crypto.subtle.sign(HMAC.name, await importOnce(), message(name, text));
      return base64url.encode(new Uint8Array(mac)) + text;
    },
    async open(name, sealed) {
      if (typeof sealed !== 'string' || !/^[A-Za-z0-9_-]{43}/.test(sealed)) return undefined;
      const mac = base64url.decode(sealed.slice(0, MAC_LENGTH)) as Uint8Array<ArrayBuffer>;
      const text = sealed.slice(MAC_LENGTH);
      const isOurs = await crypto.subtle.verify(HMAC.name, await importOnce(), mac, message(name, text));
      return isOurs ? text : undefined;
    },
  };
}
