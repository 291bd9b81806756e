/** How often edges gave their store up, those that answer: while they do, they count by shares. */
export async function countStoreFailures(metricsUrls: readonly string[]): Promise<number> {
  const counts = await Promise.all(metricsUrls.map(readCount));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function readCount(url: string): Promise<number> {
  const answer = await fetch(`${url}/metrics`).catch(() => undefined);
  if (!answer) return 0;
  const [, count] = /^edge_store_failures_total(?:\{.*\})? (\S+)$/m.exec(await answer.text()) ?? [];
  if (count === undefined) throw new Error(`${url}/metrics does not tell edge_store_failures_total`);
  return Number(count);
}
