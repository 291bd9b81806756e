import { base64url } from 'jose';
import { z } from 'zod';
import { CATALOGUE_REVISION_HEADER, CatalogueRevision } from '#contracts/catalogue-revision.ts';
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
  /** Of the catalogue; none on what no tariff changes, and on what an earlier release kept. */
  revision: z.string().optional(),
});
export type CachedAnswer = z.infer<typeof CachedAnswer>;

/** The answer of core to a call of `target` made at `fetchedAt`, with a strong ETag over its bytes. */
export async function cachedAnswer(
  { body, headers }: CoreAnswer,
  call: { target: string; fetchedAt: number },
): Promise<CachedAnswer> {
  const contentType = headers.get('content-type') ?? 'application/octet-stream';
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  return {
    body,
    contentType,
    etag: `"${base64url.encode(new Uint8Array(digest).subarray(0, 16))}"`,
    ...lifetimeOf(body, { ...call, isJson: /^application\/([a-z.]+\+)?json\b/.test(contentType) }),
    revision: CatalogueRevision.safeParse(headers.get(CATALOGUE_REVISION_HEADER)).data,
  };
}
