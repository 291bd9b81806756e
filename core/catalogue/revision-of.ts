import { createHash } from 'node:crypto';
import type { CatalogueEntry } from './catalogue.ts';

/** A digest of which version is on sale of each insurer's products: 16 hex digits, whatever the order of the entries. */
export function revisionOf(entries: readonly CatalogueEntry[]): string {
  // Not of when insurers were polled: a good poll without a change must leave what is cached alone. A version's terms
  // never change, and no id has a space or a line break in it.
  const onSale = entries.flatMap(({ insurer, tariffs }) =>
    [...tariffs.values()].map(({ product, version }) => `${insurer} ${product} ${version}`),
  );
  return createHash('sha256').update(onSale.sort().join('\n')).digest('hex').slice(0, 16);
}
