import type { MiddlewareHandler } from 'hono';
import { InvalidRequest } from '#platform/problem/domain-error.ts';
import type { EdgeEnv } from '../context.ts';
import { SENT_ON } from './route.ts';

/** Characters. Escaped at worst threefold, and a second time inside the hop, it makes 15 of the 16 KiB that core reads. */
export const MOST_URL = 2_000;
/** Characters of a header that goes on to core. */
const MOST_HEADER = 256;

/**
 * Refuses what core's server would not read: it takes 16 KiB of headers in all and cuts the connection beyond. That would
 * look like core away, and a long address of one caller would close the way to core for all.
 */
export const refuseOversized: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  const tooLong = [
    ...(c.req.url.length > MOST_URL ? [{ field: 'url', message: `must be at most ${MOST_URL} characters` }] : []),
    ...SENT_ON.filter((name) => (c.req.header(name)?.length ?? 0) > MOST_HEADER).map((field) => ({
      field,
      message: `must be at most ${MOST_HEADER} characters`,
    })),
  ];
  if (tooLong.length > 0) throw new InvalidRequest(tooLong);
  await next();
};
