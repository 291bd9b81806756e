import type { Host } from './engine/host.ts';
import { MOMENTS, type World } from './engine/world.ts';
import type { Region } from './region.ts';

type Strike = (world: World, region: Region) => void;

const downMs = ({ chance }: World) => chance.between(20, 900);

function remove<Item>(items: Item[], item: Item | undefined): Item | undefined {
  return item === undefined ? undefined : items.splice(items.indexOf(item), 1)[0];
}

function kill({ trace }: World, host: Host | undefined): void {
  if (!host) return;
  trace(() => `${host.name} is killed`);
  host.kill();
}

function killRelay(world: World, region: Region, relay = world.chance.pick(region.relays)): void {
  if (world.calm || !relay || !region.relays.includes(relay)) return;
  kill(world, remove(region.relays, relay)?.host);
  world.clock.after(downMs(world), () => world.calm || region.startRelay());
}

/**
 * Until another relay has sent something, if one does: then the one that was overtaken goes on where it stood, and maybe
 * its successor is killed before it has noted what it sent.
 */
function freezeRelay(world: World, region: Region): void {
  const { clock, chance, weather } = world;
  const frozen = chance.pick(region.relays);
  if (!frozen) return;
  frozen.host.pause(chance.between(800, 2_500));
  frozen.session()?.cut();
  world.when({ moment: 'stored', nth: chance.integer(1, 3) }, () => {
    clock.after(chance.between(0, weather.travelMs), frozen.host.resume);
    if (chance.happens(0.5)) return;
    const successor = chance.pick(region.relays.filter((relay) => relay !== frozen));
    world.when({ moment: 'stored', nth: 1 }, () =>
      clock.after(chance.between(0, 3 * weather.travelMs), () => killRelay(world, region, successor)),
    );
  });
}

function killConsumer(world: World, region: Region): void {
  kill(world, remove(region.consumers, world.chance.pick(region.consumers)));
  world.clock.after(downMs(world), () => world.calm || region.startConsumer());
}

/** What happens to a region, each by its name in the trace. */
const STRIKES: Readonly<Record<string, Strike>> = {
  'a relay is killed': (world, region) => killRelay(world, region),
  'a consumer is killed': killConsumer,
  'a relay is paused': ({ chance }, { relays }) => chance.pick(relays)?.host.pause(chance.between(50, 2_500)),
  'a consumer is paused': ({ chance }, { consumers }) => chance.pick(consumers)?.pause(chance.between(50, 1_500)),
  'a relay freezes until it is overtaken': freezeRelay,
  "a relay's session is cut": ({ chance }, { relays }) => chance.pick(relays)?.session()?.cut(),
  'the database crashes': (world, { database }) => database.crash(downMs(world)),
  'the ledger crashes': (world, { ledger }) => ledger.crash(downMs(world)),
  'the broker crashes': (world, { broker }) => broker.crash(downMs(world)),
  'partitions are dealt anew': (_world, { broker }) => broker.rebalance(),
};

/** Strikes until the calm, some ways often and some not at all; at any time, or just when something was half done. */
export function loose(world: World, region: Region, { withinMs }: { withinMs: number }): void {
  const { clock, chance, trace } = world;
  for (const [name, strike] of Object.entries(STRIKES)) {
    const happen = () => {
      if (world.calm) return;
      trace(() => name);
      strike(world, region);
    };
    const times = chance.one(0, 0, 1, 3, 5);
    for (let n = 0; n < times; n += 1) {
      if (chance.happens(0.5)) clock.after(chance.between(0, withinMs), happen);
      else {
        const at = { moment: chance.one(...MOMENTS), nth: chance.integer(1, 16) };
        world.when(at, () => clock.after(chance.between(0, 2), happen));
      }
    }
  }
}

/** No more faults; and of the relays only one is left, which must be enough. */
export function endDisasters(world: World, region: Region): void {
  world.calm = true;
  world.trace(() => 'calm');
  if (region.relays.length === 0) region.startRelay();
  if (region.consumers.length === 0) region.startConsumer();
  while (region.relays.length > 1) kill(world, remove(region.relays, world.chance.pick(region.relays))?.host);
}
