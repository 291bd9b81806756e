import type { z } from 'zod';
import { PROBLEMS, Problem } from '#contracts/problem.ts';

/** A JSON body, for a route's description. */
export const json = <Schema extends z.ZodType>(schema: Schema) => ({ content: { 'application/json': { schema } } });

/** The refusals of a route, by status, each a problem (RFC 9457). */
export function refusals<Status extends number>(...statuses: Status[]) {
  const describe = (status: number) =>
    Object.entries(PROBLEMS)
      .filter(([, problem]) => problem.status === status)
      .map(([slug, problem]) => `${slug}: ${problem.title}`)
      .join('; ');
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: describe(status), content: { 'application/problem+json': { schema: Problem } } },
    ]),
  ) as unknown as Record<Status, { description: string }>;
}
