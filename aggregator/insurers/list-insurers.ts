import { asc } from 'drizzle-orm';
import { z } from 'zod';
import { Instant, PartyId, Product } from '#contracts/words.ts';
import type { AggregatorContext } from '../context.ts';
import type { Schedule } from '../schedule.ts';
import { polls, tariffs } from '../tariffs/table.ts';

export const Insurers = z
  .strictObject({
    insurers: z.array(
      z.strictObject({
        id: PartyId,
        protocol: z.enum(['rest', 'soap', 'graphql']),
        breaker: z.enum(['closed', 'open', 'half-open']),
        lastPoll: z.strictObject({ at: Instant, outcome: z.string() }).nullable(),
        nextPoll: Instant.nullable(),
        asOf: Instant.nullable(),
        tariffs: z.array(z.strictObject({ product: Product, version: z.int(), changedAt: Instant })),
      }),
    ),
  })
  .meta({ id: 'Insurers' });

const instant = (text: string) => new Date(text).toISOString();

/** Every insurer configured here: how its last poll went, when the next is due, and what it sells. */
export async function listInsurers(ctx: AggregatorContext, schedule: Schedule): Promise<z.infer<typeof Insurers>> {
  const polled = await ctx.db.select().from(polls);
  const sold = await ctx.db.select().from(tariffs).orderBy(asc(tariffs.product));
  return {
    insurers: ctx.lines.map(({ insurer: { id, protocol }, breaker }) => {
      const poll = polled.find((row) => row.insurer === id);
      return {
        id,
        protocol,
        breaker: breaker(),
        lastPoll: poll ? { at: instant(poll.polledAt), outcome: poll.outcome } : null,
        nextPoll: schedule.nextPoll(id)?.toISOString() ?? null,
        asOf: poll?.asOf ? instant(poll.asOf) : null,
        tariffs: sold
          .filter((row) => row.insurer === id)
          .map(({ product, version, changedAt }) => ({ product, version, changedAt: instant(changedAt) })),
      };
    }),
  };
}
