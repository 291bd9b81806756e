import { expect } from 'vitest';
import type { PolicyEvent } from '#contracts/events.ts';
import { Problem } from '#contracts/problem.ts';
import { ClosedRegister, Register } from '#contracts/register.ts';
import { handleTwice } from '../intake/handle-twice.testing.ts';
import { batchOf, cancelled, type createTestContext, issued } from '../testing.ts';

/** A moment of November, its last and the next in Moscow, and when its registers are due. */
export const NOVEMBER = '2026-11-22T10:00:00.000Z';
export const LAST_MOMENT = '2026-11-30T20:59:59.999Z';
export const DECEMBER = '2026-11-30T21:00:00.000Z';
export const CLOSING = '2026-12-01T00:00:00.000Z';

/** Policy `n` issued at a moment; those with an even number are of volga, the others of ural. */
export const sold = (n: number, sequence: number, issuedAt: string) => issued(n, sequence, { data: { issuedAt } });

export const undone = (n: number, sequence: number, at: { issuedAt: string; cancelledAt: string }) =>
  cancelled(n, sequence, { data: at });

/** What tests of registers do with settlement: book, move the clock, and ask as an operator does. */
export function createRegisters(room: Awaited<ReturnType<typeof createTestContext>>) {
  const get = (insurer: string, period: string, headers: Record<string, string> = {}) =>
    room.operate(`/v1/registers/${insurer}/${period}`, { headers });
  const close = (insurer: string, period: string, body?: unknown) =>
    room.operate(`/v1/registers/${insurer}/${period}/close`, { method: 'POST', body });
  return {
    handle: (...messages: (PolicyEvent | string)[]) => handleTwice(room.ctx, batchOf(...messages)),
    at(time: string) {
      room.clock.at = new Date(time);
    },
    get,
    close,
    csv: (insurer: string, period: string) => get(insurer, period, { accept: 'text/csv' }),
    register: async (insurer: string, period: string) => Register.parse(await (await get(insurer, period)).json()),
    async closed(insurer: string, period: string, body?: unknown) {
      const answer = await close(insurer, period, body);
      expect(answer.status).toBe(200);
      return ClosedRegister.parse(await answer.json());
    },
  };
}

/** The findings of a refusal. */
export async function refusal(answer: Response) {
  expect(answer.status).toBe(409);
  const { type, errors = [] } = Problem.parse(await answer.json());
  expect(type).toMatch(/register-not-ready$/);
  return errors;
}

/** Operation and number of each line. */
export const shown = ({ lines }: Register) =>
  lines.map(({ operation, policyNumber }) => `${operation} ${policyNumber.slice(-2)}`);
