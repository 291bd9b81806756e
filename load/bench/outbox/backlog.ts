import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { ROUNDS } from '../rounds.ts';
import { cpuSince, drain, ownerCpuMs, relayOn, rewind, swallow } from './drain.ts';
import { append, type Stand } from './stand.ts';

const MANY = 1_000_000;
const FEW = 1_000;
/** Drains of a few in one measurement: one alone is too short to be timed. */
const DRAINS = 300;

/**
 * What an event costs the relay of processor time, its own and Postgres', with a long backlog and with short ones, and
 * with short ones while an old transaction keeps its snapshot. Sends are acknowledged at once: a growth of the reading
 * would hide behind what Kafka costs.
 */
export async function backlog(ctx: BenchContext, stand: Stand): Promise<Figure[]> {
  await append(stand.admin, MANY);
  await stand.admin`vacuum analyze core.outbox`;
  const many = async () => {
    await rewind(stand);
    const waiting = await countRows(stand);
    const { cpuMs } = await drain(stand, { count: waiting, publish: swallow });
    return (cpuMs * 1_000) / waiting;
  };
  const few = () => drainOften(stand);
  const held = () => withOldSnapshot(stand, () => drainOften(stand));
  const found = await interleave(ctx, {
    what: 'outbox: processor time',
    rounds: ROUNDS,
    states: { many, few, held, again: few },
  });
  const control = 'A/A: few / few';
  const { figure, ratio } = measured({ control, gate: 'as many are acknowledged as were waiting' });
  return [
    figure(`an event, ${FEW} waiting`, 'us', found.few),
    figure(`an event, ${MANY} waiting`, 'us', found.many),
    figure('an event, old snapshot held', 'us', found.held),
    ratio(`${MANY} waiting / ${FEW}`, found.many, found.few),
    ratio('old snapshot held / none', found.held, found.few),
    ratio(control, found.again, found.few),
  ];
}

async function countRows({ admin }: Stand): Promise<number> {
  const [row] = await admin`select count(*)::int as count from core.outbox`;
  return Number(row?.['count']);
}

/** A few appended and drained, over and over; us of processor time an event. What appends them is another connection's. */
async function drainOften(stand: Stand): Promise<number> {
  const { relay, sent } = relayOn(stand, swallow);
  const turn = async () => {
    const done = sent(FEW);
    await append(stand.admin, FEW);
    relay.poke();
    await done;
  };
  try {
    await turn();
    const [before, owner] = [process.cpuUsage(), await ownerCpuMs(stand)];
    for (let turns = 0; turns < DRAINS; turns += 1) await turn();
    const cpuMs = cpuSince(before) + (await ownerCpuMs(stand)) - owner;
    return (cpuMs * 1_000) / (FEW * DRAINS);
  } finally {
    await relay[Symbol.asyncDispose]();
  }
}

/** While a transaction that began before keeps its snapshot, and an xid, so that nothing that is dead since can go. */
async function withOldSnapshot<Found>(stand: Stand, measure: () => Promise<Found>): Promise<Found> {
  const old = await stand.admin.reserve();
  try {
    await old`begin isolation level repeatable read`;
    await old`select pg_current_xact_id()`;
    return await measure();
  } finally {
    await old`rollback`;
    old.release();
  }
}
