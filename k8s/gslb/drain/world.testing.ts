import type { Drain } from '#contracts/drain.ts';
import type { Gslb, GslbRegion } from '../read-regions.ts';
import type { DrainContext } from './context.ts';

export const GSLB: Gslb = {
  zone: 'insuretech.example',
  host: 'api',
  nameServers: [{ name: 'ns1', address: '192.0.2.53', port: 53 }],
  port: 80,
  regions: ['msk', 'nsk'].map((name, place) => ({
    name,
    address: `203.0.113.${place + 1}`,
    weight: 1,
    core: `https://core.${name}.example`,
  })),
};
export const [MSK, NSK] = GSLB.regions as [GslbRegion, GslbRegion];

/** Makes a call take a turn, so that others may come in between. */
export type Turn = <Value>(call: string, work: () => Value) => Promise<Value>;
const atOnce: Turn = async (_call, work) => work();

/** Regions and name servers that are no more than what a drain sees of them. */
export function createWorld() {
  const drained = new Map<string, string>();
  const down = new Set<string>();
  const notes: string[] = [];
  const world = {
    drained,
    down,
    notes,
    /** What a region's edge answers while it is not drained; undefined when nobody does. */
    health: new Map<string, number | undefined>(),
    /** Regions whose core does not answer. */
    coreAway: new Set<string>(),
    /** Name servers that have not heard of admin_state. */
    deaf: false,
    clock: 0,
    /** Regions that new business is sent to: never none. */
    inService: () =>
      GSLB.regions.filter(({ name, address }) => !drained.has(name) && !down.has(address)).map(({ name }) => name),
  };
  const drainOf = (name: string): Drain => {
    const reason = drained.get(name);
    return reason === undefined
      ? { drained: false, since: null, reason: null }
      : { drained: true, since: '2026-11-22T10:00:00.000Z', reason };
  };
  const requireCore = ({ name, core }: GslbRegion) => {
    if (world.coreAway.has(name)) throw new Error(`Nothing answers at ${core}`);
  };
  /** An operator, whose calls take turns with those of others. */
  const operator = (turn: Turn = atOnce): DrainContext => ({
    gslb: GSLB,
    adminState: {
      isDown: (address) => turn('read admin_state', () => down.has(address)),
      setDown: (address, isDown) =>
        turn('write admin_state', () => void (isDown ? down.add(address) : down.delete(address))),
    },
    core: {
      read: (region) =>
        turn(`read drain of ${region.name}`, () => {
          requireCore(region);
          return drainOf(region.name);
        }),
      set: (region, request) =>
        turn(`set drain of ${region.name}`, () => {
          requireCore(region);
          if (request.drained) drained.set(region.name, request.reason);
          else drained.delete(region.name);
          return drainOf(region.name);
        }),
    },
    probe: ({ name }) =>
      turn(`probe ${name}`, () => {
        const status = world.health.has(name) ? world.health.get(name) : 200;
        if (status === undefined) throw new Error('nothing answers');
        return status;
      }),
    answers: () =>
      turn('ask ns1', () => {
        const addresses = GSLB.regions
          .map(({ address }) => address)
          .filter((address) => world.deaf || !down.has(address));
        return new Map([['ns1', addresses]]);
      }),
    now: () => world.clock,
    wait: async (ms) => {
      world.clock += ms;
    },
    signal: new AbortController().signal,
    note: (sentence) => void notes.push(sentence),
  });
  return { world, operator, notes };
}
