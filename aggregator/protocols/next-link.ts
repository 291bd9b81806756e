import { InsurerReplyError } from './insurer-reply-error.ts';

/**
 * The address a page names as the next, resolved against that page's own (RFC 3986, section 5). Refuses one outside of
 * the insurer's base URL: a reply must not choose whom the aggregator calls. Throws InsurerReplyError.
 */
export function nextLink(link: string, { from, baseUrl }: { from: string; baseUrl: string }): string {
  const base = new URL(`${baseUrl}/`);
  const next = URL.parse(link, from);
  if (next === null) throw new InsurerReplyError('paging', 'the link to the next page is no address');
  if (!next.href.startsWith(base.href)) {
    throw new InsurerReplyError('paging', "the link to the next page leads outside of the insurer's base URL");
  }
  next.hash = '';
  return next.href;
}
