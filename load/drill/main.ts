import { runCommand } from '#platform/lifecycle/service.ts';
import { missingForKafka } from '../../local/kafka.ts';
import { alerts } from './alerts/alerts.ts';
import { type DrillContext, type Outcome, tableOf } from './drill.ts';
import { failover } from './failover/failover.ts';
import { faultsBetween } from './faults/faults-between.ts';
import { isolation } from './isolation/isolation.ts';
import { kafkaLost } from './kafka-lost.ts';
import { kill } from './kill.ts';
import { kubernetes } from './kubernetes/kubernetes.ts';
import { missingEvent } from './missing-event.ts';
import { noisyPartner } from './noisy-partner/noisy-partner.ts';
import { type Options, parseOptions } from './options.ts';
import { poison } from './poison/poison.ts';
import { recovery } from './recovery/recovery.ts';
import { regions } from './regions.ts';
import { windows } from './windows.ts';

const say = (message: string) => void process.stdout.write(`${message}\n`);

/** Real Kafka as asked; where nothing was asked, if it can run here. */
async function withKafka({ kafka }: Options): Promise<boolean> {
  const missing = kafka === false ? undefined : await missingForKafka();
  if (kafka && missing) throw new Error(missing);
  if (missing) say(`Without Kafka: ${missing}`);
  return kafka ?? missing === undefined;
}

/** The lag of everybody else while malformed events come, 99th percentile: what this drill asks for. */
const LAG_BELOW_MS = 1_000;
/** A missing event is noticed within this. */
const NOTICED_WITHIN_MS = 30_000;
/** With the noisy partner and without it take turns this often; the machine is warm after so long. */
const SLICES = { sliceSeconds: 3, warmSeconds: 10 } as const;

/** As k8s/RECOVERY.md has it: archived every half a minute; five minutes of outage and one of losses at most. */
const RECOVERY = { archiveSeconds: 30, afterSeconds: 10, outageBelowSeconds: 300, lossBelowSeconds: 60 } as const;

/** A trouble goes on for so long after its alert, so that any other has the time to fire. */
const LINGER_MS = 20_000;

async function run(ctx: DrillContext, options: Options): Promise<Outcome> {
  switch (options.drill) {
    case 'kill':
      return kill(ctx, { ...options, kafka: await withKafka(options) });
    case 'windows':
      return windows(ctx, options);
    case 'kafka-lost':
      return kafkaLost(ctx, options);
    case 'regions':
      return regions(ctx, options);
    case 'poison':
      return poison(ctx, { ...options, lagBelowMs: LAG_BELOW_MS });
    case 'missing-event':
      return missingEvent(ctx, { ...options, noticedWithinMs: NOTICED_WITHIN_MS });
    case 'noisy-partner':
      return noisyPartner(ctx, { ...options, ...SLICES, judgesLatency: true });
    case 'alerts':
      return alerts(ctx, { ...options, lingerMs: LINGER_MS, kafka: await withKafka(options) });
    case 'recovery':
      return recovery(ctx, { ...options, ...RECOVERY, kafka: await withKafka(options) });
    case 'kubernetes':
      return kubernetes(ctx, options);
    case 'failover':
      return failover(ctx, options);
    case 'isolation':
      return isolation(ctx);
    case 'faults':
      return faultsBetween(ctx, options);
  }
}

await runCommand('drill', async () => {
  const options = parseOptions(process.argv.slice(2));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
  const begun = performance.now();
  const { lines, faults } = await run({ say, signal: stopping.signal }, options);
  say(`\n${tableOf([...lines, ['seconds', ((performance.now() - begun) / 1_000).toFixed(0)]]).join('\n')}\n`);
  if (faults.length > 0) throw new Error(`it found ${faults.length} faults:\n${faults.join('\n')}`);
});
