import type { Answer } from './exchange.testing.ts';

/** Of the connection, not of the answer: every server has its own. */
const OF_THE_SERVER = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

/** What may differ between two good answers, header by header. A header that is not here is compared to the byte. */
const VOLATILE: Readonly<Record<string, readonly [RegExp, string]>> = {
  age: [/^\d+$/, 'N'],
  'cache-status': [/ttl=-?\d+/, 'ttl=N'],
  ratelimit: [/\b([rt])=\d+/g, '$1=N'],
  // Core is left alone for a second once its failures have lasted: sooner or later, as the machine is quick or slow.
  'retry-after': [/^[12]$/, '1 or 2'],
  'server-timing': [/dur=\d+(\.\d+)?/g, 'dur=N'],
  'x-request-id': [/^[A-Za-z0-9_-]{8,64}$/, 'ID'],
};

/** An answer as it is compared: all of its headers and its whole body, but for ids, and times and counts of the second. */
export function maskAnswer(answer: {
  status: number;
  headers: Iterable<readonly [string, string]>;
  body: string;
}): Answer {
  const shown = [...answer.headers]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !OF_THE_SERVER.has(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => {
      const volatile = VOLATILE[name];
      return [name, volatile ? value.replace(...volatile) : value] as const;
    });
  const body = answer.body.replace(/"traceId":"[0-9a-f]{32}"/, '"traceId":"ID"');
  return { status: answer.status, headers: Object.fromEntries(shown), body };
}
