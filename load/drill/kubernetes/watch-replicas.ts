import { setTimeout as timer } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import { getJson } from './kubectl.ts';

/** How many there are, how many answer, and what the autoscaler goes by. */
export interface Sample {
  /** Seconds since the watch began. */
  readonly second: number;
  readonly users: number;
  readonly replicas: number;
  readonly ready: number;
  /** Of all its pods, `83 %` or `9.5/s`; `-` before the first is known. */
  readonly metric: string;
}

interface Autoscaler {
  readonly status?: {
    readonly currentMetrics?: readonly {
      readonly resource?: { readonly current: { readonly averageUtilization?: number } };
      readonly pods?: { readonly current: { readonly averageValue?: string } };
    }[];
  };
}

type Deployment = { status: { replicas?: number; readyReplicas?: number } };

export interface Watch extends AsyncDisposable {
  readonly samples: readonly Sample[];
  readonly last: () => Sample | undefined;
}

const EVERY_MS = 2_000;

/** Looks every 2 s at a Deployment and its autoscaler of the namespace `default`. Disposing ends it; a look that fails is left out. */
export function watchReplicas(
  { kubectl }: Cluster,
  { deployment, autoscaler, users }: { deployment: string; autoscaler: string; users: () => number },
): Watch {
  const samples: Sample[] = [];
  const over = new AbortController();
  const begun = performance.now();
  const look = async () => {
    const [{ status }, hpa] = await Promise.all([
      getJson<Deployment>(kubectl, '-n', 'default', 'deployment', deployment),
      getJson<Autoscaler>(kubectl, '-n', 'default', 'hpa', autoscaler),
    ]);
    const second = (performance.now() - begun) / 1_000;
    const { replicas = 0, readyReplicas: ready = 0 } = status;
    samples.push({ second, users: users(), replicas, ready, metric: metricOf(hpa) });
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      await look().catch(() => undefined);
      await timer(EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  })();
  return {
    samples,
    last: () => samples.at(-1),
    async [Symbol.asyncDispose]() {
      over.abort();
      await watching;
    },
  };
}

/** What an autoscaler says of its one metric. */
export function metricOf({ status }: Autoscaler): string {
  const [metric] = status?.currentMetrics ?? [];
  const percent = metric?.resource?.current.averageUtilization;
  if (percent !== undefined) return `${percent} %`;
  const value = metric?.pods?.current.averageValue;
  if (value === undefined) return '-';
  return `${value.endsWith('m') ? Number(value.slice(0, -1)) / 1_000 : Number(value)}/s`;
}
