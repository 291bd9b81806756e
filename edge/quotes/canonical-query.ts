/**
 * One spelling for queries that mean the same to anybody: parameters by name, exact repeats once, one percent-encoding.
 * Different values of one name keep their order. Core is sent this spelling too, so that its answer is a function of it.
 */
export function canonicalQuery(query: URLSearchParams): string {
  const seen = new Set<string>();
  const pairs: [string, string][] = [];
  for (const [name, value] of query) {
    // The length tells where the name ends, whatever is in it.
    const pair = `${name.length} ${name}${value}`;
    if (seen.has(pair)) continue;
    seen.add(pair);
    pairs.push([name, value]);
  }
  // By code units, not by locale; sort is stable.
  pairs.sort(([one], [other]) => (one < other ? -1 : Number(one > other)));
  return new URLSearchParams(pairs).toString();
}
