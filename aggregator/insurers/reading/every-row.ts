import { InsurerReplyError } from '../../protocols/insurer-reply-error.ts';

/**
 * The rows of all pages, which must be as many as each page says there are, and none twice: pages that overlap make the
 * number right while a row is missing. Throws InsurerReplyError.
 */
export function everyRow<Row>(pages: readonly { total: number; rows: readonly Row[] }[]): Row[] {
  const rows = pages.flatMap((page) => page.rows);
  const wrong = pages.find(({ total }) => total !== rows.length);
  if (wrong !== undefined) {
    throw new InsurerReplyError('paging', `${rows.length} rows came, the insurer counts ${wrong.total}`);
  }
  const distinct = new Set(rows.map((row) => JSON.stringify(row)));
  if (distinct.size < rows.length) throw new InsurerReplyError('paging', 'a row came twice');
  return rows;
}
