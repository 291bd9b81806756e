import { setTimeout as timer } from 'node:timers/promises';
import { moscowDate } from '#platform/moscow-time/moscow-date.ts';
import { seeded } from '../../../bench/seeded.ts';
import type { Asked, Probe } from '../asked.ts';
import type { CallerName } from '../callers.ts';
import { clockOf } from '../clock.ts';
import { createBook } from './book.ts';
import { type Client, createClient } from './client.ts';
import type { Order, StreamPlan, TrafficPlan } from './orders.ts';
import { keepPace, type Stream } from './pace.ts';
import { keepProbing } from './probe.ts';
import { createQuestions } from './questions.ts';
import { sell } from './sell.ts';
import { connect } from './send.ts';

/** Begins at once; `finish` resolves with all that was seen, when the last answer is there. */
function startTraffic({ offsetMs, urls, keys, streams, probes, seed }: TrafficPlan) {
  const [asked, probed, book] = [[] as Asked[], [] as Probe[], createBook()];
  const state = { slice: '', isOn: false };
  const now = clockOf(offsetMs);
  const over = new AbortController();
  const question = createQuestions({ random: seeded(seed), today: moscowDate(new Date()) });
  const noting = { now, connect, urls, slice: () => state.slice, note: (one: Asked) => void asked.push(one) };
  const clientOf = (caller: CallerName) =>
    createClient(noting, { caller, ...(caller !== 'visitors' && { key: keys[caller] }) });
  const clients = new Map(streams.map(({ caller }) => [caller, clientOf(caller)]));
  const underWay = new Set<Promise<unknown>>();
  const act = ({ caller, does, region }: StreamPlan, dueAt: number): Promise<unknown> => {
    const client = clients.get(caller) as Client;
    if (does === 'sale') return sell({ client, book, now, question }, { region, dueAt });
    return client.ask({ what: 'quote', region, dueAt, prepare: question });
  };
  const toStream = (plan: StreamPlan, index: number): Stream => ({
    perSecond: plan.perSecond,
    phase: (index + 0.5) / streams.length,
    isOn: () => state.isOn,
    arrive(dueAt) {
      const acting = act(plan, dueAt).finally(() => underWay.delete(acting));
      underWay.add(acting);
    },
  });
  const context = { now, wait: (ms: number) => timer(ms), signal: over.signal };
  const probing = { ...context, client: clientOf('gamma'), question, note: (one: Probe) => void probed.push(one) };
  const working = [keepPace(context, streams.map(toStream)), ...(probes ? [keepProbing(probing)] : [])];
  return {
    turn: (slice: { slice: string; isOn: boolean }) => void Object.assign(state, slice),
    async finish() {
      over.abort();
      await Promise.all(working);
      await Promise.all(underWay);
      return { ...book, asked, probes: probed };
    },
  };
}

let traffic: ReturnType<typeof startTraffic> | undefined;
process.on('message', async (order: Order) => {
  if ('begin' in order) traffic = startTraffic(order.begin);
  else if ('slice' in order) traffic?.turn(order);
  else process.send?.(await traffic?.finish());
});
process.once('disconnect', () => process.exit(0));
