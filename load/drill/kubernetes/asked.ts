/** One request as its sender saw it. Times are ms since 1970. */
export interface Asked {
  readonly what: string;
  readonly sentAt: number;
  readonly answeredAt: number;
  /** 0: there was no answer, and `error` says why. */
  readonly status: number;
  readonly error?: string;
}

export const isGood = ({ status }: Asked): boolean => status >= 200 && status < 300;

/** What users saw of some requests. */
export interface Seen {
  readonly asked: number;
  readonly failed: number;
  /** From the first failed request's sending to the last's answer. */
  readonly troubleSeconds: number;
  /** How often which answer, most often first. */
  readonly answers: readonly string[];
}

export function seenBy(asked: readonly Asked[]): Seen {
  const bad = asked.filter((one) => !isGood(one));
  const counts = new Map<string, number>();
  for (const { what, status, error } of bad) {
    const answer = `${what}: ${error ?? status}`;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const from = Math.min(...bad.map(({ sentAt }) => sentAt));
  const to = Math.max(...bad.map(({ answeredAt }) => answeredAt));
  return {
    asked: asked.length,
    failed: bad.length,
    troubleSeconds: bad.length === 0 ? 0 : (to - from) / 1_000,
    answers: [...counts].sort(([, a], [, b]) => b - a).map(([answer, times]) => `${times} times ${answer}`),
  };
}

/** As a cell of a table: `4 of 1200 failed, within 3.2 s`. */
export function cellOf({ asked, failed, troubleSeconds }: Seen): string {
  return failed === 0
    ? `none of ${asked} failed`
    : `${failed} of ${asked} failed, within ${troubleSeconds.toFixed(1)} s`;
}
