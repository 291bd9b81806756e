import { asc, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { Instant, PartyId, Product } from '#contracts/words.ts';
import type { AggregatorContext } from '../context.ts';
import type { Schedule } from '../schedule.ts';
import { polls, quarantine, tariffs } from '../tariffs/table.ts';
import { BREAKER_STATES } from './open-line.ts';

export const Insurers = z
  .strictObject({
    insurers: z.array(
      z.strictObject({
        id: PartyId,
        protocol: z.enum(['rest', 'soap', 'graphql']),
        breaker: z.enum(BREAKER_STATES),
        lastPoll: z.strictObject({ at: Instant, outcome: z.string() }).nullable(),
        nextPoll: Instant.nullable(),
        /** It asked to be left alone until then. */
        retryAt: Instant.nullable(),
        asOf: Instant.nullable(),
        tariffs: z.array(z.strictObject({ product: Product, version: z.int(), changedAt: Instant })),
        /** Its replies are not believed, and why. */
        quarantine: z.strictObject({ since: Instant, findings: z.array(z.string()) }).nullable(),
      }),
    ),
  })
  .meta({ id: 'Insurers' });

const instant = (text: string) => new Date(text).toISOString();

/** Every insurer configured here: how its last poll went, when the next is due, and what it sells. */
export async function listInsurers(ctx: AggregatorContext, schedule: Schedule): Promise<z.infer<typeof Insurers>> {
  const polled = await ctx.db.select().from(polls);
  const sold = await ctx.db.select().from(tariffs).where(isNull(tariffs.withdrawnAt)).orderBy(asc(tariffs.product));
  const held = await ctx.db.select().from(quarantine);
  return {
    insurers: ctx.lines.map(({ insurer: { id, protocol }, breaker }) => {
      const poll = polled.find((row) => row.insurer === id);
      const aside = held.find((row) => row.insurer === id);
      return {
        id,
        protocol,
        breaker: breaker(),
        lastPoll: poll ? { at: instant(poll.polledAt), outcome: poll.outcome } : null,
        nextPoll: schedule.nextPoll(id)?.toISOString() ?? null,
        retryAt: poll?.retryAt ? instant(poll.retryAt) : null,
        asOf: poll?.asOf ? instant(poll.asOf) : null,
        tariffs: sold
          .filter((row) => row.insurer === id)
          .map(({ product, version, changedAt }) => ({ product, version, changedAt: instant(changedAt) })),
        quarantine: aside ? { since: instant(aside.since), findings: [...aside.findings] } : null,
      };
    }),
  };
}
