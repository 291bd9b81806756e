/** How many values follow an option; ioredis-mock knows options in capitals only. */
const VALUES: Readonly<Record<string, number>> = {
  ...{ NX: 0, XX: 0, GT: 0, LT: 0, CH: 0, INCR: 0, GET: 0, KEEPTTL: 0, PERSIST: 0 },
  ...{ WITHSCORES: 0, WITHVALUES: 0, BYSCORE: 0, BYLEX: 0, REV: 0, BEFORE: 1, AFTER: 1, LEFT: 0, RIGHT: 0 },
  ...{ EX: 1, PX: 1, EXAT: 1, PXAT: 1, MATCH: 1, COUNT: 1, TYPE: 1, LIMIT: 2 },
};

/** Where the options of a command begin. */
const FROM: Readonly<Record<string, number>> = {
  ...{ SET: 2, GETEX: 1, EXPIRE: 2, PEXPIRE: 2, SCAN: 1, HSCAN: 2, SSCAN: 2, ZSCAN: 2, LINSERT: 1, LMOVE: 2 },
  ...{ ZADD: 1, ZRANGE: 3, ZREVRANGE: 3, ZRANGEBYSCORE: 3, ZREVRANGEBYSCORE: 3, HRANDFIELD: 2 },
};

/** The arguments with their options in capitals; what an option is followed by, and all after the options, stays. */
export function capitalOptions(name: string, args: readonly string[]): string[] {
  const written = [...args];
  let at = FROM[name] ?? args.length;
  while (at < args.length) {
    const option = args[at]?.toUpperCase() ?? '';
    const values = VALUES[option];
    if (values === undefined) break;
    written[at] = option;
    at += 1 + values;
  }
  return written;
}
