import { z } from 'zod';
import type { Target } from './targets.ts';

/** As much of schemathesis' JSON report as is judged here. */
export const Report = z.object({
  operations: z.object({ selected: z.int(), tested: z.int() }).nullable(),
  phases: z.record(z.string(), z.object({ status: z.string() })).nullable(),
  failures: z.array(z.object({ title: z.string(), operations: z.array(z.string()) })),
  errors: z.array(z.object({ title: z.string() })),
});
export type Report = z.infer<typeof Report>;

/** As much of its HAR, which has every request. */
export const Archive = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        request: z.object({ method: z.string(), url: z.string() }),
        response: z.object({ status: z.int() }),
      }),
    ),
  }),
});

/** A request that was sent, and its answer. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

/** Requests that were taken, of all or of those of a kind: `POST /v1/policies`, a regular expression. */
export function acceptedIn(calls: readonly Call[], kind = ''): number {
  const pattern = new RegExp(`^${kind}(\\?|$)`);
  const isOf = ({ method, url }: Call) => kind === '' || pattern.test(`${method} ${new URL(url).pathname}`);
  return calls.filter((call) => call.status >= 200 && call.status < 400 && isOf(call)).length;
}

/** What is wrong, a sentence each: what was found, and what would make finding nothing worthless. */
export function judge(
  { operations, failures, errors }: Report,
  calls: readonly Call[],
  { mustReach }: Pick<Target, 'mustReach'>,
) {
  const { selected, tested } = operations ?? { selected: 0, tested: 0 };
  return [
    ...failures.map(({ title, operations: where }) => `${title}: ${where.join(', ')}`),
    ...errors.map(({ title }) => `schemathesis stopped at an error of its own: ${title}`),
    ...(calls.length === 0 ? ['not one request was sent'] : []),
    ...(tested < selected || selected === 0
      ? [`${selected - tested} of ${selected} calls were not tried in the time`]
      : []),
    ...(mustReach !== undefined && acceptedIn(calls, mustReach) === 0
      ? [`no ${mustReach} was accepted: what is behind it was not reached`]
      : []),
  ];
}
