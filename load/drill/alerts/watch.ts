import { setTimeout as timer } from 'node:timers/promises';
import type { DrillContext } from '../drill.ts';
import type { Fault } from './fault.ts';
import type { Alert } from './prometheus.ts';
import type { Stage } from './start-stage.ts';

/** What Prometheus made of a fault; times by `performance.now()`. */
export interface Watched {
  readonly fault: string;
  readonly alert: string;
  readonly since: number;
  /** Undefined: never while it was watched. */
  readonly firedAt?: number;
  /** From the healing until nothing fires or is about to; undefined: it did not end. */
  readonly resolvedAfterMs?: number;
  /** Others that fired, with their labels. */
  readonly others: readonly string[];
}

const LOOK_MS = 250;
/** A fault is told within this. */
export const TOLD_WITHIN_MS = 120_000;
/** The longest window of a rule is five minutes. */
const RESOLVED_WITHIN_MS = 420_000;

const nameOf = ({ name, labels: { severity, covers: _, budget: __, ...labels } }: Alert) =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(',')}} (${severity})`;

interface Watching {
  readonly name: string;
  readonly fault: Fault;
  /** How long it goes on after it is told: what else would fire has the time to. */
  readonly lingerMs: number;
}

/** Makes a fault, waits for its alert, puts it right, and waits until all is quiet; whatever else fires meanwhile is noted. */
export async function watch(ctx: DrillContext, stage: Stage, { name, fault, lingerMs }: Watching): Promise<Watched> {
  const others = new Set<string>();
  const isOwn = ({ name: alert, labels }: Alert) => alert === fault.alert && labels['region'] === stage.region.name;
  const look = async () => {
    ctx.signal.throwIfAborted();
    const all = await stage.prometheus.alerts();
    if (!all.some(({ name, state }) => name === 'Watchdog' && state === 'firing')) others.add('no Watchdog');
    const told = all.filter(({ labels }) => labels['severity'] !== 'none');
    const firing = told.filter(({ state }) => state === 'firing');
    for (const alert of firing) if (!isOwn(alert) && alert.name !== fault.after) others.add(nameOf(alert));
    return { isTold: firing.some(isOwn), isQuiet: told.length === 0 };
  };
  /** When it held; undefined if it did not in that time. */
  const until = async (ms: number, holds: (seen: Awaited<ReturnType<typeof look>>) => boolean) => {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      if (holds(await look())) return performance.now();
      await timer(LOOK_MS, undefined, { signal: ctx.signal });
    }
    return undefined;
  };
  const asked = performance.now();
  const { heal, since = asked } = await fault.inject(stage);
  const firedAt = await until(TOLD_WITHIN_MS - (performance.now() - since), ({ isTold }) => isTold);
  await until(lingerMs, () => false);
  const healedAt = performance.now();
  await heal();
  const quietAt = await until(RESOLVED_WITHIN_MS, ({ isQuiet }) => isQuiet);
  return {
    fault: name,
    alert: fault.alert,
    since,
    others: [...others],
    ...(firedAt !== undefined && { firedAt }),
    ...(quietAt !== undefined && { resolvedAfterMs: quietAt - healedAt }),
  };
}

/** Resolves once nothing fires or is about to, as after a start. Rejects with what does. */
export async function untilQuiet(ctx: DrillContext, { prometheus }: Stage): Promise<void> {
  const end = performance.now() + TOLD_WITHIN_MS;
  let told: readonly Alert[] = [];
  while (performance.now() < end) {
    const all = await prometheus.alerts();
    told = all.filter(({ labels }) => labels['severity'] !== 'none');
    if (told.length === 0 && all.length > 0) return;
    await timer(LOOK_MS, undefined, { signal: ctx.signal });
  }
  throw new Error(`Nothing is wrong yet, and Prometheus tells ${told.map(nameOf).join(', ') || 'nothing at all'}`);
}
