import type { BenchContext, Figure } from '../bench.ts';
import { interleave } from '../interleave.ts';
import { cpuSince, drain, ownerCpuMs, relayOn, rewind, swallow } from './drain.ts';
import { append, type Stand } from './stand.ts';

const MANY = 1_000_000;
const FEW = 1_000;
/** Drains of a few in one measurement: one alone is too short to be timed. */
const DRAINS = 300;
const ROUNDS = 5;

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
  const ratio = (of: readonly number[]) => of.map((value, round) => value / (found.few[round] ?? 0));
  return [
    { figure: `an event, ${FEW} waiting`, unit: 'us', values: found.few },
    { figure: `an event, ${MANY} waiting`, unit: 'us', values: found.many },
    { figure: 'an event, old snapshot held', unit: 'us', values: found.held },
    { figure: `${MANY} waiting / ${FEW}`, unit: 'ratio', values: ratio(found.many) },
    { figure: 'old snapshot held / none', unit: 'ratio', values: ratio(found.held) },
    { figure: 'A/A: few / few', unit: 'ratio', values: ratio(found.again) },
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
