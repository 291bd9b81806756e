import { eq } from 'drizzle-orm';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import type { Tx } from '#platform/postgres/open-postgres.ts';
import type { CollectedTariff } from '../insurers/insurer.ts';
import { findImplausible } from './find-implausible.ts';
import { lockTariffs, publishChanges } from './publish-changes.ts';
import { polls, quarantine, releases } from './table.ts';

interface Reply {
  readonly insurer: string;
  readonly collected: readonly CollectedTariff[];
  readonly at: Date;
}

/** What became of a well-formed reply; `findings` says why it was not believed. */
export type Acceptance = { status: 'good'; changed: number } | { status: 'quarantined'; findings: readonly string[] };

/**
 * Publishes a reply that is plausible; puts one that is not aside, whole: who is wrong in one price is not believed in
 * the others, and "as of" stays, so that what is known grows stale until an operator looks.
 */
export async function acceptReply(tx: Tx, reply: Reply): Promise<Acceptance> {
  const stored = await lockTariffs(tx, reply.insurer);
  const known = stored.filter(({ withdrawnAt }) => withdrawnAt === null);
  const findings = findImplausible(reply.collected, { known, today: moscowDate(reply.at) });
  if (findings.length === 0) return { status: 'good', changed: await publishChanges(tx, { ...reply, stored }) };
  await putAside(tx, reply, findings);
  return { status: 'quarantined', findings };
}

/** Publishes the reply put aside as it was collected, and records why. Undefined when there is none. */
export async function releaseReply(
  tx: Tx,
  { insurer, at, why }: { insurer: string; at: Date; why: string },
): Promise<number | undefined> {
  const stored = await lockTariffs(tx, insurer);
  const [held] = await tx.select().from(quarantine).where(eq(quarantine.insurer, insurer));
  if (!held) return undefined;
  const { findings, collected } = held;
  await tx.insert(releases).values({ insurer, releasedAt: at.toISOString(), why, findings, collected });
  return publishChanges(tx, { insurer, collected, at: new Date(held.collectedAt), stored });
}

async function putAside(tx: Tx, { insurer, collected, at }: Reply, findings: readonly string[]): Promise<void> {
  const moment = at.toISOString();
  const held = { collectedAt: moment, findings, collected };
  await tx
    .insert(quarantine)
    .values({ insurer, since: moment, ...held })
    .onConflictDoUpdate({ target: quarantine.insurer, set: held });
  const set = { polledAt: moment, outcome: `quarantined: ${findings.join('; ').slice(0, 500)}`, retryAt: null };
  await tx
    .insert(polls)
    .values({ insurer, ...set })
    .onConflictDoUpdate({ target: polls.insurer, set });
}
