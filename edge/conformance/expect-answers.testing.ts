import { expect } from 'vitest';
import type { Answer, Exchange, Expected } from './exchange.testing.ts';

/** Fails unless the answers are those that the exchange expects. */
export function expectAnswers(exchange: Exchange, answers: readonly Answer[] | undefined): void {
  const expected = [exchange.expected].flat();
  expect(answers?.map(({ status }) => status)).toEqual(expected.map(({ status }) => status));
  for (const [at, each] of expected.entries()) expectAnswer(each, answers?.[at] as Answer);
}

function expectAnswer({ headers = {}, body, problem }: Expected, answer: Answer): void {
  expect(answer.headers['x-request-id']).toBe('ID');
  for (const [name, value] of Object.entries(headers)) {
    const found = answer.headers[name] ?? null;
    if (value instanceof RegExp) expect(found, name).toMatch(value);
    else expect(found, name).toBe(value);
  }
  if (typeof body === 'string') expect(answer.body).toBe(body);
  else if (body) expect(JSON.parse(answer.body)).toMatchObject(body);
  if (problem === undefined) return;
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(JSON.parse(answer.body)).toMatchObject({ status: answer.status, traceId: 'ID' });
  expect(JSON.parse(answer.body).type).toMatch(new RegExp(`/${problem}$`));
}
