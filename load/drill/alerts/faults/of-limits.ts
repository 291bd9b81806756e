import { setTimeout as timer } from 'node:timers/promises';
import { DEMO_RISK } from '../../../../local/load-demo.ts';
import type { Fault } from '../fault.ts';

/** R7's partner, more modest: a region admits 10 of them. */
const PER_SECOND = 60;

const flood: Fault = {
  alert: 'PartnerFlooding',
  needsKafka: false,
  async inject({ region, keys }) {
    const healed = new AbortController();
    const ask = () =>
      fetch(`${region.urls.edge}/v1/quotes/osago?${DEMO_RISK}`, { headers: { authorization: `Bearer ${keys.alfa}` } })
        .then((answer) => answer.body?.cancel())
        .catch(() => undefined);
    const flooding = async () => {
      while (!healed.signal.aborted) {
        void ask();
        await timer(1_000 / PER_SECOND);
      }
    };
    const flooded = flooding();
    return {
      async heal() {
        healed.abort();
        await flooded;
      },
    };
  },
};

export const limitFaults = { 'partner-flood': flood } as const satisfies Record<string, Fault>;
