import type { DrillContext, Outcome } from '../drill.ts';
import { FAULTS } from './faults.ts';
import { judge } from './judge.ts';
import { missingPrometheus } from './prometheus.ts';
import { type Stage, startStage } from './start-stage.ts';
import type { TroubleName } from './trouble-names.ts';
import { untilQuiet, type Watched, watch } from './watch.ts';

export interface AlertsOptions {
  readonly troubles: readonly TroubleName[];
  readonly kafka: boolean;
  readonly seed: number;
  /** How long each goes on after it is told. */
  readonly lingerMs: number;
}

/** Faults of a region, one after another, before a real Prometheus: each is told by its alert and by no other. */
export async function alerts(ctx: DrillContext, { troubles, kafka, seed, lingerMs }: AlertsOptions): Promise<Outcome> {
  const missing = await missingPrometheus();
  if (missing) throw new Error(missing);
  const left = troubles.filter((name) => FAULTS[name].needsKafka && !kafka);
  const wanted = troubles.filter((name) => !left.includes(name));
  ctx.say(`two regions, buyers and Prometheus for ${wanted.length} faults`);
  const stage = await startStage({ kafka, seed });
  const watched: Watched[] = [];
  try {
    await untilQuiet(ctx, stage);
    for (const name of wanted) watched.push(await play(ctx, stage, { name, lingerMs }));
  } finally {
    await stage[Symbol.asyncDispose]();
  }
  const { lines, faults: found } = judge({ watched, wishes: stage.clients.wishes, region: stage.region.name });
  if (left.length === 0) return { lines, faults: found };
  return { lines: [...lines, ['left out without Kafka', left.join(', ')]], faults: found };
}

interface Playing {
  readonly name: TroubleName;
  readonly lingerMs: number;
}

async function play(ctx: DrillContext, stage: Stage, { name, lingerMs }: Playing): Promise<Watched> {
  const seen = await watch(ctx, stage, { name, fault: FAULTS[name], lingerMs });
  const told = seen.firedAt === undefined ? 'never' : `after ${((seen.firedAt - seen.since) / 1_000).toFixed(1)} s`;
  const others = seen.others.length > 0 ? `, and ${seen.others.join(', ')}` : '';
  const ended =
    seen.resolvedAfterMs === undefined ? 'never' : `${(seen.resolvedAfterMs / 1_000).toFixed(1)} s after all was well`;
  ctx.say(`${name}: ${seen.alert} ${told}${others}; ended ${ended}`);
  return seen;
}
