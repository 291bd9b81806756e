/**
 * Whether one of the digests is the key's SHA-256. Every digit of every digest is looked at, so that the time taken
 * says nothing of where they differ.
 */
export async function keyMatches(key: string, keyDigests: readonly string[]): Promise<boolean> {
  const hex = await digestOf(key);
  let matches = 0;
  for (const digest of keyDigests) matches |= Number(difference(hex, digest) === 0);
  return matches === 1;
}

/** SHA-256 of a key, lower-case hex. */
export async function digestOf(key: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function difference(one: string, other: string): number {
  let found = one.length ^ other.length;
  for (let at = 0; at < one.length; at += 1) found |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return found;
}
