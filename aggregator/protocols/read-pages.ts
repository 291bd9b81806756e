import { InsurerReplyError } from './insurer-reply-error.ts';

/** One page of a list: `edition` is the same on all pages of one state of the list; no `next` on the last. */
export interface Page {
  edition: string;
  next: string | undefined;
}

/** Far above any tariff: only ends a list that never would. */
const MAX_PAGES = 100;

/**
 * All pages of a list, in order. Refuses a list that changed between two pages (its halves would be a tariff that the
 * insurer never had), a cursor named twice, and a list without an end. Throws InsurerReplyError.
 */
export async function readPages<P extends Page>(
  readPage: (cursor: string | undefined) => Promise<P>,
): Promise<[P, ...P[]]> {
  const first = await readPage(undefined);
  const pages: [P, ...P[]] = [first];
  const asked = new Set<string>();
  for (let cursor = first.next; cursor !== undefined; ) {
    if (asked.has(cursor)) throw new InsurerReplyError('paging', 'a page names itself or an earlier one as the next');
    if (pages.length >= MAX_PAGES) throw new InsurerReplyError('paging', `more than ${MAX_PAGES} pages`);
    asked.add(cursor);
    const page = await readPage(cursor);
    if (page.edition !== first.edition) throw new InsurerReplyError('paging', 'the list changed while it was read');
    pages.push(page);
    cursor = page.next;
  }
  return pages;
}
