/** A place name folded for comparison: case, blanks, ё and е, and the kinds of dash do not matter. */
export function nameKey(name: string): string {
  return name
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/\s+/g, ' ')
    .replace(/ ?[\u2010-\u2015\u2212-] ?/g, '-');
}
