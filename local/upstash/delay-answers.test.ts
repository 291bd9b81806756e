import { describe, expect, it } from 'vitest';
import { createUpstashApp } from './app.ts';
import { delayAnswers } from './delay-answers.ts';
import { createMockBackend } from './mock-backend.ts';

const TOKEN = 'a-token-of-the-stand-in-for-tests-only';

/** A stand-in that is 2 s away, under a clock and waits that the test moves. */
function farAway() {
  const state = { now: 1_000.25, waits: [] as { ms: number; go: () => void }[] };
  const delay = delayAnswers({
    delayMs: 2_000,
    now: () => state.now,
    wait: (ms) => new Promise((go) => state.waits.push({ ms, go })),
    stopping: new AbortController().signal,
  });
  const backend = createMockBackend();
  const app = createUpstashApp({ backend, token: TOKEN, delay });
  const send = async (command: string[], token = TOKEN) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await app.request('/', { method: 'POST', headers, body: JSON.stringify(command) })).json();
  };
  /** Ends when as many answers wait. */
  const waiting = async (count: number) => {
    while (state.waits.length < count) await new Promise(setImmediate);
  };
  return { state, backend, app, send, waiting };
}

describe('delayAnswers', () => {
  it('does the work at once and keeps the answer, of a refusal too, for the rest of the delay', async () => {
    const { state, backend, send, waiting } = farAway();
    const answer = send(['SET', 'a', '1']);
    const refusal = send(['GET', 'a'], 'a guess');
    let answered = false;
    void Promise.any([answer, refusal]).then(() => {
      answered = true;
    });
    await waiting(2);
    expect(await backend.pipeline([['GET', 'a']])).toEqual([{ result: '1' }]);
    expect(state.waits.map(({ ms }) => ms)).toEqual([2_000, 2_000]);
    expect(answered).toBe(false);
    for (const { go } of state.waits) go();
    expect(await Promise.all([answer, refusal])).toEqual([{ result: 'OK' }, { error: 'Unauthorized' }]);
  });

  it('counts the work in: an answer is late by the delay, and by no more', async () => {
    const { state, backend, send, waiting } = farAway();
    const { pipeline } = backend;
    backend.pipeline = (commands) => {
      state.now += 1_999;
      return pipeline(commands);
    };
    const answer = send(['PING']);
    await waiting(1);
    expect(state.waits.map(({ ms }) => ms)).toEqual([1]);
    state.waits[0]?.go();
    await answer;
    backend.pipeline = (commands) => {
      state.now += 2_001;
      return pipeline(commands);
    };
    expect(await send(['PING'])).toEqual({ result: 'PONG' });
  });

  it('lets any number of requests wait together, and nobody for another', async () => {
    const { state, send, waiting } = farAway();
    const answers = Array.from({ length: 100 }, () => send(['INCR', 'n']));
    await waiting(100);
    state.waits[99]?.go();
    expect(await answers[99]).toEqual({ result: 100 });
    for (const { go } of state.waits) go();
    expect((await Promise.all(answers))[0]).toEqual({ result: 1 });
  });

  it('does not delay health', async () => {
    const { app, state } = farAway();
    for (const path of ['/healthz/live', '/healthz/ready']) expect((await app.request(path)).status).toBe(200);
    expect(state.waits).toEqual([]);
  });
});
