import { Agent, request } from 'node:http';
import { setTimeout as timer } from 'node:timers/promises';
import { clockOf, readOffset } from '../noisy-partner/clock.ts';
import type { Asked } from './asked.ts';

/** R18: each user waits so long between two requests, ms. */
const WAIT = { least: 1_000, most: 5_000 } as const;
/** So many users come a second, or go. */
const SPAWN_PER_SECOND = 10;
const TIMEOUT_MS = 15_000;

/** Users of the scale test, as locustfile.py has them. Disposing sends them away. */
export interface Users extends AsyncDisposable {
  /** So many from now on; they come and go ten a second. */
  aim(count: number): void;
  /** Of all that was asked so far. */
  readonly asked: readonly Asked[];
  /** Which pods answered. */
  readonly pods: ReadonlySet<string>;
}

export function startUsers({ url, random }: { url: string; random: () => number }): Users {
  const now = clockOf(readOffset());
  const [asked, pods] = [[] as Asked[], new Set<string>()];
  const state = { aimed: 0, present: 0, over: false };
  const ask = async () => {
    const sentAt = now();
    const told = await get(url).catch((error: Error) => ({ status: 0, error: error.message, text: '' }));
    if (told.status === 200) pods.add(told.text.trim());
    asked.push({
      what: 'GET /',
      sentAt,
      answeredAt: now(),
      status: told.status,
      ...('error' in told && { error: told.error }),
    });
  };
  const user = async () => {
    state.present += 1;
    while (!state.over && state.present <= state.aimed) {
      await ask();
      await timer(WAIT.least + random() * (WAIT.most - WAIT.least));
    }
    state.present -= 1;
  };
  const living = new Set<Promise<void>>();
  const spawning = setInterval(() => {
    if (state.present >= state.aimed) return;
    const one = user().finally(() => living.delete(one));
    living.add(one);
  }, 1_000 / SPAWN_PER_SECOND);
  return {
    asked,
    pods,
    aim(count) {
      state.aimed = count;
    },
    async [Symbol.asyncDispose]() {
      state.over = true;
      clearInterval(spawning);
      await Promise.all(living);
    },
  };
}

/** Over a connection of its own, as the app closes each. */
function get(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: new Agent({ keepAlive: false }) }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.once('error', reject);
      incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error('no answer in time')));
    outgoing.once('error', reject);
    outgoing.end();
  });
}
