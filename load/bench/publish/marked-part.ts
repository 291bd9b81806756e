/** What stands between `<!-- name -->` and `<!-- /name -->` of a page. Throws a sentence when they are not there, once and in order. */
export const markedPart = (page: string, name: string): string => split(page, name).inside.trim();

/** The page with that part in their place. */
export function replaceMarked(page: string, name: string, part: string): string {
  const { before, after } = split(page, name);
  return `${before}\n${part}\n${after}`;
}

function split(page: string, name: string) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from || page.split(begin).length !== 2 || page.split(end).length !== 2) {
    throw new Error(`The page needs ${begin} and then ${end}, each once`);
  }
  const inside = from + begin.length;
  return { before: page.slice(0, inside), inside: page.slice(inside, to), after: page.slice(to) };
}
