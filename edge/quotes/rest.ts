/** Keys that are left alone for a while after something was begun for them. */
export interface Rest {
  /** Whether the key is not resting; from now on it is. */
  begin(key: string): boolean;
}

export function createRest(ctx: { readonly now: () => number }, restMs: number): Rest {
  /** Since when each rests, the longest first: no more remain than began within `restMs`. */
  const since = new Map<string, number>();
  const isOver = (begunAt: number, now: number) => begunAt + restMs <= now || now < begunAt;
  return {
    begin(key) {
      const now = ctx.now();
      const begunAt = since.get(key);
      if (begunAt !== undefined && !isOver(begunAt, now)) return false;
      for (const [rested, at] of since) {
        if (!isOver(at, now)) break;
        since.delete(rested);
      }
      since.set(key, now);
      return true;
    },
  };
}
