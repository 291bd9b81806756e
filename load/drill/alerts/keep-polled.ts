import { setTimeout as timer } from 'node:timers/promises';

interface Polled {
  /** Base URLs of aggregators, with the token of each. */
  readonly aggregators: readonly { readonly url: string; readonly operatorToken: string }[];
  readonly insurers: readonly string[];
}

/** The hand that has insurers polled, sixty times as often as the schedule. Disposing stops it. */
export interface Polling extends AsyncDisposable {
  /** Polls one insurer in the first region, now. Rejects when the aggregator does not answer. */
  poll(insurer: string): Promise<void>;
  /** One that is left out, in the first region; `undefined`: all are polled. */
  leaveOut(insurer: string | undefined): void;
}

const EVERY_MS = 15_000;
const TIMEOUT_MS = 30_000;

export function keepPolled({ aggregators, insurers }: Polled): Polling {
  const stop = new AbortController();
  let left: string | undefined;
  const poll = async (of: Polled['aggregators'][number] | undefined, insurer: string) => {
    const answer = await fetch(`${of?.url}/v1/insurers/${insurer}/poll`, {
      method: 'POST',
      headers: { authorization: `Bearer ${of?.operatorToken}` },
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await answer.body?.cancel();
  };
  const pollAll = () =>
    Promise.all(
      aggregators.flatMap((of, index) =>
        insurers
          .filter((insurer) => index > 0 || insurer !== left)
          // One that is away is what a drill does.
          .map((insurer) => poll(of, insurer).catch(() => undefined)),
      ),
    );
  const loop = async () => {
    while (!stop.signal.aborted) {
      void pollAll();
      await timer(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const looping = loop();
  return {
    poll: (insurer) => poll(aggregators[0], insurer),
    leaveOut(insurer) {
      left = insurer;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await looping;
    },
  };
}
