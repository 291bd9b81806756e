import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drainRegion } from './drain-region.ts';
import { statusLines } from './status-lines.ts';
import { undrainRegion } from './undrain-region.ts';
import { createWorld, MSK, NSK, type Turn } from './world.testing.ts';

const drainMsk = { region: MSK, reason: 'a new disk', waits: true };

test('D5 a drained region is out of the answers, and may be stopped once no cache has it', async () => {
  const { world, operator, notes } = createWorld();
  expect(await drainRegion(operator(), drainMsk)).toEqual({ status: 'done' });
  expect([world.inService(), world.drained.get('msk')]).toEqual([['nsk'], 'a new disk']);
  expect([notes.at(-1), world.clock]).toEqual(['msk may be stopped', 9_000]);
  await undrainRegion(operator(), { region: MSK, reason: 'done' });
  expect(world.inService()).toEqual(['msk', 'nsk']);
});

test.each([
  ['answers 503', 'nsk answers 503 on /healthz/gslb', (world: World) => world.health.set('nsk', 503)],
  ['does not answer', 'nsk: nothing answers', (world: World) => world.health.set('nsk', undefined)],
  ['has no core', 'nsk: Nothing answers at https://core.nsk.example', (world: World) => world.coreAway.add('nsk')],
  ['is drained', 'nsk is drained since 2026-11-22T10:00:00.000Z', (world: World) => world.drained.set('nsk', 'mine')],
  ['is kept out', 'nsk is kept out by admin_state', (world: World) => world.down.add(NSK.address)],
])(
  'D5 the last healthy region is not drained: the other %s, it says why, and nothing is changed',
  async (_how, why, harm) => {
    const { world, operator } = createWorld();
    harm(world);
    const before = [new Map(world.drained), new Set(world.down)];
    expect(await drainRegion(operator(), drainMsk)).toEqual({
      status: 'refused',
      why: `Cannot drain "msk": no other region is healthy: ${why}`,
    });
    expect([world.drained, world.down]).toEqual(before);
  },
);
type World = ReturnType<typeof createWorld>['world'];

test('D5 a region without another is not drained', async () => {
  const { operator } = createWorld();
  const ctx = operator();
  const alone = { ...ctx, gslb: { ...ctx.gslb, regions: [MSK] } };
  expect(await drainRegion(alone, drainMsk)).toEqual({
    status: 'refused',
    why: 'Cannot drain "msk": no other region is healthy: there is no other',
  });
});

test('D5 the other region dies while this one is being drained: it is taken back', async () => {
  const { world, operator } = createWorld();
  const dies: Turn = async (call, work) => {
    const done = work();
    if (call === 'write admin_state') world.health.set('nsk', undefined);
    return done;
  };
  expect((await drainRegion(operator(dies), drainMsk)).status).toBe('refused');
  expect(world.inService()).toEqual(['msk', 'nsk']);
});

test('D5 R1 of operators who drain both regions at once, in whatever order their calls come, at most one does', async () => {
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const { world, operator } = createWorld();
      const turn: Turn = (call, work) => scheduler.schedule(Promise.resolve(), call).then(work);
      const both = Promise.all(
        [MSK, NSK].map((region) => drainRegion(operator(turn), { region, reason: region.name, waits: false })),
      );
      await scheduler.waitFor(both);
      outcomes.add((await both).map(({ status }) => status).join());
      expect(world.inService()).not.toEqual([]);
      expect([...world.drained.keys()]).toHaveLength(world.down.size);
    }),
    { numRuns: 2_000 },
  );
  // All that may happen did: otherwise it shows nothing.
  expect([...outcomes].sort()).toEqual(['done,refused', 'refused,done', 'refused,refused']);
});

test('a region whose core is away is kept out by its name servers, and it is said', async () => {
  const { world, operator, notes } = createWorld();
  world.coreAway.add('msk');
  expect((await drainRegion(operator(), drainMsk)).status).toBe('done');
  expect(world.down).toEqual(new Set([MSK.address]));
  expect(notes[0]).toContain('msk does not know that it is drained');
});

test('a refused drain leaves an earlier one of the same region alone', async () => {
  const { world, operator } = createWorld();
  await drainRegion(operator(), drainMsk);
  world.health.set('nsk', 503);
  expect((await drainRegion(operator(), { ...drainMsk, reason: 'again' })).status).toBe('refused');
  expect([world.drained.get('msk'), world.down.has(MSK.address)]).toEqual(['a new disk', true]);
});

test('a name server that goes on answering a drained region is named', async () => {
  const { world, operator } = createWorld();
  world.deaf = true;
  await expect(drainRegion(operator(), drainMsk)).rejects.toThrow(
    '"msk" is drained, but ns1 still answers 203.0.113.1',
  );
});

test('an undrain whose core is away changes nothing', async () => {
  const { world, operator } = createWorld();
  await drainRegion(operator(), drainMsk);
  world.coreAway.add('msk');
  await expect(undrainRegion(operator(), { region: MSK, reason: 'done' })).rejects.toThrow('Nothing answers');
  expect(world.down.has(MSK.address)).toBe(true);
});

test('a status says how each region does, and what cannot be known', async () => {
  const { world, operator } = createWorld();
  await drainRegion(operator(), { ...drainMsk, waits: false });
  world.health.set('nsk', undefined);
  expect(await statusLines(operator())).toEqual([
    'region  address      /healthz/gslb  drained                   admin_state  answered by',
    'msk     203.0.113.1  200            2026-11-22T10:00:00.000Z  DOWN',
    'nsk     203.0.113.2  ?              no                                     ns1',
  ]);
});
