import { base64url } from 'jose';
import * as z from 'zod/mini';
import { CATALOGUE_REVISION, CATALOGUE_REVISION_HEADER } from '#contracts/catalogue-revision.ts';
import type { EdgeContext } from '../context.ts';
import type { CoreAnswer } from '../forward/call-core.ts';
import { type Lifetime, lifetimeOf, NEVER } from './freshness.ts';
import { moscowDay } from './moscow-day.ts';
import type { Meaning, Spelling } from './spellings.ts';

/** A 200 of core as it came: all that is made of it follows from this. Isolates share it in this form. */
export const Original = z.object({
  /** When core was asked, ms since 1970. */
  fetchedAt: z.number(),
  contentType: z.string(),
  body: z.string(),
  /** Of the catalogue; none on what no tariff changes. */
  revision: z.optional(z.string()),
  /** Content-Location: the shortest address of a quote. */
  location: z.optional(z.string()),
});
export type Original = z.infer<typeof Original>;

/** A 200 of core as it is kept in memory: as bytes, of which a quote has half as many as in a string. */
export interface CachedAnswer extends Lifetime {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly etag: string;
  readonly revision: string | undefined;
}

export function originalOf({ body, headers }: CoreAnswer, fetchedAt: number): Original {
  const revision = headers.get(CATALOGUE_REVISION_HEADER);
  const location = headers.get('content-location');
  return {
    fetchedAt,
    contentType: headers.get('content-type') ?? 'application/octet-stream',
    body,
    ...(revision !== null && CATALOGUE_REVISION.test(revision) && { revision }),
    ...(location !== null && { location }),
  };
}

/** What is kept of the answer to a spelling, with a strong ETag over its bytes, and what core says that it is the answer to. */
export async function cachedAnswer(
  { config }: Pick<EdgeContext, 'config'>,
  { original, spelling }: { original: Original; spelling: Pick<Spelling, 'target' | 'day'> },
): Promise<{ answer: CachedAnswer; meaning: Meaning | undefined }> {
  const { fetchedAt, contentType, revision, location } = original;
  const body = new TextEncoder().encode(original.body);
  const digest = await crypto.subtle.digest('SHA-256', body);
  const etag = `"${base64url.encode(new Uint8Array(digest).subarray(0, 16))}"`;
  const said = readJson(original);
  const isAsked = said !== NOT_READ && isOf(said, { ...spelling, region: config.REGION });
  const lifetime = isAsked ? lifetimeOf(said, { target: spelling.target, fetchedAt }) : { fetchedAt, ...NEVER };
  const risk = isAsked ? riskOf(said) : undefined;
  return {
    answer: { body, contentType, etag, revision, ...lifetime },
    meaning: risk === undefined ? undefined : { risk, shortest: location },
  };
}

const NOT_READ = Symbol('not JSON though it says so');

/** Undefined for what is no JSON. */
function readJson({ contentType, body }: Original): unknown {
  if (!/^application\/([a-z.]+\+)?json\b/.test(contentType)) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return NOT_READ;
  }
}

/** A quote of another product, region or day than was asked for, such as one rated after midnight, is nothing to keep. */
function isOf(said: unknown, asked: Pick<Spelling, 'target' | 'day'> & { region: string }): boolean {
  const name = /^\/v1\/quotes\/([a-z]+)/.exec(asked.target)?.[1];
  if (name === undefined) return true;
  const { product = name, region = asked.region, ratedAt } = (said ?? {}) as Readonly<Record<string, unknown>>;
  const isOfDay = ratedAt === undefined || moscowDay(Date.parse(String(ratedAt))) === asked.day;
  return product === name && region === asked.region && isOfDay;
}

function riskOf(said: unknown): string | undefined {
  const risk = (said as { risk?: unknown } | null | undefined)?.risk;
  return typeof risk === 'object' && risk !== null ? JSON.stringify(risk) : undefined;
}
