import { base64url } from 'jose';
import { z } from 'zod';
import type { CoreAnswer } from '../forward/call-core.ts';
import { lifetimeOf } from './freshness.ts';

/** A 200 of core as it is kept, in memory and in the store. */
export const CachedAnswer = z.object({
  body: z.string(),
  contentType: z.string(),
  etag: z.string(),
  fetchedAt: z.number(),
  freshUntil: z.number(),
  usableUntil: z.number(),
});
export type CachedAnswer = z.infer<typeof CachedAnswer>;

/** The answer of core to a call made at `fetchedAt`, with a strong ETag over its bytes. */
export async function cachedAnswer({ body, headers }: CoreAnswer, fetchedAt: number): Promise<CachedAnswer> {
  const contentType = headers.get('content-type') ?? 'application/octet-stream';
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  return {
    body,
    contentType,
    etag: `"${base64url.encode(new Uint8Array(digest).subarray(0, 16))}"`,
    ...lifetimeOf(body, { fetchedAt, isJson: /^application\/([a-z.]+\+)?json\b/.test(contentType) }),
  };
}
