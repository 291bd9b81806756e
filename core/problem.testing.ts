import { expect } from 'vitest';
import { PROBLEM_BASE, Problem } from '#contracts/problem.ts';

/** The problem of a refusal: every field of RFC 9457, told as such. Fails for an answer that is none. */
export async function problemOf(answer: Response): Promise<Problem & { slug: string }> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const problem = Problem.strict().parse(await answer.json());
  expect(problem.status).toBe(answer.status);
  expect(problem.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(problem.type.startsWith(PROBLEM_BASE)).toBe(true);
  return { ...problem, slug: problem.type.slice(PROBLEM_BASE.length) };
}

/** Status and slug of a refusal. */
export const slugOf = async (answer: Response) => [answer.status, (await problemOf(answer)).slug];

/** Status and slug of a refusal, and the fields that it names. */
export async function fieldsOf(answer: Response) {
  const { slug, errors = [] } = await problemOf(answer);
  for (const { message } of errors) expect(message).not.toBe('');
  return [answer.status, slug, ...errors.map((error) => error.field)];
}
