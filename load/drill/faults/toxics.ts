import type { ToxicName } from './names.ts';
import type { Toxic, Way } from './toxiproxy.ts';

/** A way of being bad, in steps that share its time; each begins from a way that is well. */
export interface Spoiling {
  readonly told: string;
  readonly steps: readonly ((way: Way) => Promise<void>)[];
}

const downstream = (type: Toxic['type'], attributes: Toxic['attributes']): Toxic => ({
  type,
  stream: 'downstream',
  attributes,
});
const upstream = (type: Toxic['type'], attributes: Toxic['attributes']): Toxic => ({
  type,
  stream: 'upstream',
  attributes,
});

/** Into an answer's head, and no further. */
const MIDST_BYTES = 150;

export const SPOILINGS: Readonly<Record<ToxicName, Spoiling>> = {
  latency: {
    told: 'each answer 300 ms later, 100 more or less',
    steps: [(way) => way.spoil(downstream('latency', { latency: 300, jitter: 100 }))],
  },
  bandwidth: {
    told: '8 KB a second for each connection, both ways',
    steps: [(way) => way.spoil(downstream('bandwidth', { rate: 8 }), upstream('bandwidth', { rate: 8 }))],
  },
  reset: {
    told: 'RST at once, RST when the work is done and before its answer, cut off in the midst of an answer',
    steps: [
      (way) => way.spoil(upstream('reset_peer', { timeout: 0 })),
      (way) => way.spoil(downstream('reset_peer', { timeout: 0 })),
      (way) => way.spoil(downstream('limit_data', { bytes: MIDST_BYTES })),
    ],
  },
  'half-open': {
    told: 'refused, then accepted and never answered',
    steps: [
      (way) => way.close(),
      async (way) => {
        await way.open();
        await way.spoil(downstream('timeout', { timeout: 0 }), upstream('timeout', { timeout: 0 }));
      },
    ],
  },
};

/** Whatever was done to it. Connections that hang are ended by this. */
export async function mend(way: Way): Promise<void> {
  await way.open();
  await way.spoil();
}
