import type { TransactionSql } from 'postgres';
import type { DeadLetterReplayed, ReplayOutcome } from '#contracts/dead-letter.ts';
import { NotFound } from '#platform/problem/domain-error.ts';
import type { SettlementContext } from '../context.ts';
import { distrustEpochs } from '../intake/distrust-epochs.ts';
import { judgeMessage } from '../intake/judge-message.ts';
import { type Message, type PlacedMessage, readMessage } from '../intake/read-message.ts';
import { recallDays, recallPolicies } from '../intake/recall.ts';
import { bookEvents } from '../ledger/book-events.ts';
import { bookingOf } from '../ledger/booking-of.ts';
import { moveBalances } from '../ledger/move-balances.ts';
import type { Position } from '../positions/place-event.ts';
import { lockPosition, type Stream } from '../positions/position.ts';
import { noteDays } from '../reconciliation/note-days.ts';
import { readClosed } from '../registers/read-closed.ts';
import { type Operator, recordAction } from './record-action.ts';

type Context = Pick<SettlementContext, 'sql' | 'now' | 'region' | 'log' | 'metrics'>;

/** A dead letter as it is kept. */
interface Letter {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly aggregateId: string | null;
  readonly status: 'parked' | 'booked' | 'dismissed';
  readonly raw: Buffer;
}

type Taken = {
  readonly outcome: ReplayOutcome;
  readonly refusal?: { readonly reason: string; readonly detail: string };
};
type Replayed = DeadLetterReplayed['behind'][number];

/**
 * Judges a dead letter again, by the release that runs and by what is booked by now, and books it if that is right; then
 * those of the same policy behind it, in their order, up to the first that is refused. All of it, with the audit, in one
 * transaction that holds the position of the partition, as a batch does. Throws NotFound.
 */
export async function replayDeadLetter(
  ctx: Context,
  { id, ...operator }: Operator & { id: string },
): Promise<DeadLetterReplayed> {
  const replayed = await ctx.sql.begin(async (tx) => {
    const found = await findLetter(tx, id);
    const stream = { region: ctx.region, topic: found.topic, partition: found.partition };
    const position = await lockPosition(tx, stream);
    const take = async (letter: Letter): Promise<Replayed> => {
      const { outcome, refusal } = await takeLetter(tx, letter, { ctx, stream, position });
      if (outcome !== 'refused') await tx`update settlement.dead_letters set status = 'booked' where id = ${letter.id}`;
      await recordAction(tx, ctx, {
        ...operator,
        letterId: letter.id,
        action: 'replay',
        outcome,
        detail: refusal?.detail,
      });
      return { id: letter.id, outcome, ...refusal };
    };
    // Read again under the lock: another replay may have booked it meanwhile.
    const first = await take(await findLetter(tx, id));
    const behind: Replayed[] = [];
    for (const letter of first.outcome === 'refused' ? [] : await findBehind(tx, found)) {
      const next = await take(letter);
      behind.push(next);
      if (next.outcome === 'refused') break;
    }
    return { ...first, behind };
  });
  for (const { outcome, id: letterId, ...refusal } of [replayed, ...replayed.behind]) {
    ctx.metrics.countReplay(outcome);
    const { reason, detail } = refusal;
    ctx.log.warn(
      { deadLetter: letterId, outcome, reason, detail, ...operatorFields(operator) },
      'dead letter replayed',
    );
  }
  return replayed as DeadLetterReplayed;
}

const operatorFields = ({ by, reason }: Operator) => ({ by, why: reason });

const COLUMNS = (tx: TransactionSql) =>
  tx`id::text as id, topic, partition, aggregate_id as "aggregateId", status, raw`;

async function findLetter(tx: TransactionSql, id: string): Promise<Letter> {
  const [letter] = await tx<Letter[]>`select ${COLUMNS(tx)} from settlement.dead_letters where id = ${id}`;
  if (!letter) throw new NotFound(`Dead letter "${id}"`);
  return letter;
}

const findBehind = (tx: TransactionSql, { id, aggregateId }: Letter) =>
  tx<Letter[]>`
    select ${COLUMNS(tx)} from settlement.dead_letters
    where aggregate_id = ${aggregateId} and id > ${id} and status = 'parked' order by id`;

interface Desk {
  readonly ctx: Context;
  readonly stream: Stream;
  readonly position: Position;
}

async function takeLetter(tx: TransactionSql, letter: Letter, desk: Desk): Promise<Taken> {
  const { stream, position } = desk;
  const [message] = distrustEpochs([readMessage(letter.raw.toString(), stream)], position) as [Message];
  if (!message.placed) return { outcome: 'refused', refusal: message.refusal };
  if (await isTaken(tx, message)) return { outcome: 'duplicate' };
  if ('day' in message.content) {
    const { day } = message.content;
    const told = await recallDays(tx, [message]);
    if (told.some(({ revision }) => revision === day.aggregateVersion)) return { outcome: 'duplicate' };
    await noteDays(tx, [day]);
    return { outcome: 'booked' };
  }
  const { content, aggregateId, aggregateVersion } = message;
  const known = await recallPolicies(tx, [message]);
  const verdict = judgeMessage(
    { content, aggregateVersion },
    {
      version: known.versions.get(aggregateId) ?? 0,
      issue: known.issues.get(aggregateId),
      hasDeadLetter: await isBehind(tx, letter.id, aggregateId),
    },
  );
  if ('refusal' in verdict) return { outcome: 'refused', refusal: verdict.refusal };
  if ('hole' in verdict) return { outcome: 'refused', refusal: hole(verdict.hole.version) };
  const closed = await readClosed(tx, [verdict.event.data.insurer]);
  const bookings = [bookingOf(verdict.event)];
  await bookEvents(tx, bookings, { bookedAt: desk.ctx.now(), closed });
  await moveBalances(tx, bookings);
  return { outcome: 'booked' };
}

const hole = (version: number) => ({
  reason: 'version-missing',
  detail: `Of its policy the last version booked is ${version}: replay the outbox first`,
});

async function isTaken(tx: TransactionSql, { eventId }: PlacedMessage): Promise<boolean> {
  const found = await tx`
    select from settlement.ledger_transactions where event_id = ${eventId}
    union all select from settlement.core_days where event_id = ${eventId}`;
  return found.length > 0;
}

/** Whether an earlier letter of the policy still stands before this one. */
async function isBehind(tx: TransactionSql, id: string, aggregateId: string): Promise<boolean> {
  const found = await tx`
    select from settlement.dead_letters
    where aggregate_id = ${aggregateId} and id < ${id} and status <> 'booked' limit 1`;
  return found.length > 0;
}
