import { setTimeout as timer } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { INSURERS, type Stage } from '../start-stage.ts';

/** The one that goes wrong. */
const [VICTIM = ''] = INSURERS;
/** As many polls in a row open a breaker. */
const POLLS_TO_OPEN = 5;
const [SLOT_MS, LONGEST_MS] = [15 * 60_000, 240_000];

const control = async ({ insurersUrl }: Stage, method: 'PUT' | 'DELETE', fault?: string) => {
  const body = fault === undefined ? null : JSON.stringify({ fault });
  const answer = await fetch(`${insurersUrl}/control/${VICTIM}/fault`, { method, body });
  if (!answer.ok) throw new Error(`The insurer's fault was answered ${answer.status}: ${await answer.text()}`);
};

const mend = async (stage: Stage) => {
  await control(stage, 'DELETE');
  await stage.polling.poll(VICTIM);
};

const failing: Fault = {
  alert: 'InsurerFailing',
  needsKafka: false,
  async inject(stage) {
    await control(stage, 'PUT', '500');
    return { heal: () => mend(stage) };
  },
};

/** A breaker stays open for ten minutes: it is healed by a restart, which forgets it. */
const broken: Fault = {
  alert: 'InsurerBreakerOpen',
  needsKafka: true,
  async inject(stage) {
    await control(stage, 'PUT', 'wrong-schema');
    for (let poll = 0; poll < POLLS_TO_OPEN; poll += 1) await stage.polling.poll(VICTIM);
    return {
      async heal() {
        await control(stage, 'DELETE');
        for (const member of stage.region.members.aggregator) await member.kill().then(() => member.start());
        await stage.polling.poll(VICTIM);
      },
    };
  },
};

const absurd: Fault = {
  alert: 'InsurerNotBelieved',
  needsKafka: false,
  async inject(stage) {
    await control(stage, 'PUT', 'absurd-price');
    return { heal: () => mend(stage) };
  },
};

/** Nobody asks the insurer any more, until core says that it has come to this. */
const unheard = (of: { alert: string; state: string; after?: string }): Fault => ({
  alert: of.alert,
  ...(of.after && { after: of.after }),
  needsKafka: false,
  async inject(stage) {
    await clearOfSchedule();
    stage.polling.leaveOut(VICTIM);
    while ((await freshnessOf(stage)) !== of.state) await timer(500);
    return {
      since: performance.now(),
      async heal() {
        stage.polling.leaveOut(undefined);
        await stage.polling.poll(VICTIM);
      },
    };
  },
});

/** The aggregator's own schedule asks all insurers at each quarter of an hour. */
async function clearOfSchedule(): Promise<void> {
  const untilNextMs = SLOT_MS - (Date.now() % SLOT_MS);
  if (untilNextMs < LONGEST_MS) await timer(untilNextMs + 40_000);
}

async function freshnessOf({ region }: Stage): Promise<string | undefined> {
  const answer = await fetch(`${region.urls.core}/metrics`);
  const lines = (await answer.text()).split('\n').filter((line) => line.startsWith('catalogue_insurer_freshness{'));
  const line = lines.find((each) => each.includes(`insurer="${VICTIM}"`) && each.endsWith(' 1'));
  return /state="(\w+)"/.exec(line ?? '')?.[1];
}

export const insurerFaults = {
  'insurer-failing': failing,
  'insurer-absurd': absurd,
  'insurer-broken': broken,
  'tariff-stale': unheard({ alert: 'TariffStale', state: 'stale' }),
  'tariff-hidden': unheard({ alert: 'TariffHidden', state: 'hidden', after: 'TariffStale' }),
} as const satisfies Record<string, Fault>;
