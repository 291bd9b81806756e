import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Drain, DrainRequest } from '#contracts/drain.ts';
import { checkConfig, type Gdnsd, startGdnsd, writeGdnsd } from '../../load/drill/failover/start-gdnsd.ts';
import { missingPrograms } from '../../load/drill/missing-programs.ts';
import { freePort } from '../../local/free-port.ts';
import { requireOrSkip } from '../../local/require-or-skip.ts';
import { createDrainContext } from './drain/create-context.ts';
import { drainRegion } from './drain/drain-region.ts';
import { undrainRegion } from './drain/undrain-region.ts';
import { createProbeState, type ProbeState } from './probing/probe-state.ts';
import { PROBING } from './probing/probing.ts';
import { type Gslb, type GslbRegion, readRegions } from './read-regions.ts';

const runs = requireOrSkip('the load balancer on a real gdnsd', await missingPrograms(['gdnsd', 'setpriv']));
const run = promisify(execFile);
const NODE = ['--disable-warning=ExperimentalWarning'];

/** Answers a probe, or says nothing to it. */
type AnswerProbe = (response: ServerResponse) => void;
const status =
  (code: number): AnswerProbe =>
  (response) =>
    void response.writeHead(code).end();

/** A folder, and regions on addresses of their own, of which a test says how they answer. */
async function openPlace(answers: Readonly<Record<string, AnswerProbe>>) {
  const stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'insuretech-gslb-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const [net, port] = [`127.${randomInt(128, 250)}.${randomInt(1, 250)}`, await freePort()];
  const regions: GslbRegion[] = [];
  for (const [name, answer] of Object.entries(answers)) {
    const address = `${net}.${regions.length + 1}`;
    const { core, drain } = await openCore(stack);
    const server = createServer((request, response) => {
      const asked = [request.method, request.url, request.headers.host];
      const expected = ['GET', '/healthz/gslb', 'api.insuretech.test'];
      if (asked.join() !== expected.join()) response.writeHead(404).end();
      else if (drain.drained) response.writeHead(503).end();
      else answer(response);
    });
    await new Promise<void>((resolve) => server.listen(port, address, resolve));
    stack.defer(() => closeServer(server));
    regions.push({ name, address, weight: 1, core });
  }
  const nameServers = [{ name: 'ns1', address: '127.0.0.1', port: await freePort() }];
  const gslb: Gslb = { zone: 'insuretech.test', host: 'api', nameServers, port, regions };
  return { gslb, dir, stack, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** The drain of a region's core, in memory. */
async function openCore(stack: AsyncDisposableStack) {
  const drain: { -readonly [Key in keyof Drain]: Drain[Key] } = { drained: false, since: null, reason: null };
  const server = createServer(async (request, response) => {
    if (request.method === 'PUT') {
      const { drained, reason } = (await new Response(request as never).json()) as DrainRequest;
      Object.assign(
        drain,
        drained ? { drained, reason, since: '2026-11-22T10:00:00.000Z' } : { drained, reason: null, since: null },
      );
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(drain));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  stack.defer(() => closeServer(server));
  return { core: `http://127.0.0.1:${port}`, drain };
}

function closeServer(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}

function operatorOf(gslb: Gslb, gdnsd: Gdnsd) {
  const notes: string[] = [];
  const note = (sentence: string) => void notes.push(sentence);
  const { signal } = new AbortController();
  return {
    notes,
    ctx: createDrainContext({ gslb, stateDir: gdnsd.stateDir, tokenOf: () => 'x'.repeat(40), note, signal }),
  };
}
const namesIn = ({ regions }: Gslb, addresses: readonly string[] = []) =>
  regions.filter(({ address }) => addresses.includes(address)).map(({ name }) => name);

describe.runIf(runs)('gdnsd', () => {
  it('S1 takes what npm run gslb -- generate writes, without a warning', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'insuretech-gslb-'));
    try {
      const args = [
        'k8s/gslb/main.ts',
        'generate',
        '--name-server',
        'ns1',
        '--out',
        dir,
        '--state-dir',
        join(dir, 'state'),
      ];
      const { stdout } = await run(process.execPath, [...NODE, ...args]);
      expect(stdout.trim().split('\n')).toEqual([join(dir, 'config'), join(dir, 'zones/insuretech.example')]);
      await checkConfig(dir);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('S1 takes a list of 64 regions of any weights', async () => {
    await using place = await openPlace({});
    const deployed = await readRegions('k8s/gslb/regions.yaml');
    const letters = 'abcdefgh';
    const regions = Array.from({ length: 64 }, (_, place) => ({
      ...{ name: `r${letters[place >> 3]}${letters[place & 7]}`, address: `203.0.113.${place}` },
      ...{ weight: 1 + place * 15_000, core: 'https://core.example' },
    }));
    const { configDir } = await writeGdnsd({ ...deployed, regions }, place.dir);
    await checkConfig(configDir);
  });

  it.concurrent('D5 takes a region out and back as the model says, probe by probe, whether they are refused or hang', async ({
    expect,
  }) => {
    // `+` good, `-` refused, `~` no answer.
    const scripts = { msk: '+---+-~--+', nsk: '-++++-+++++-' };
    const done = new Map<string, PromiseWithResolvers<void>>();
    const differences: string[] = [];
    let gdnsd: Promise<Gdnsd> | undefined;
    const play = (name: keyof typeof scripts): AnswerProbe => {
      const script = scripts[name];
      let [at, model]: [number, ProbeState | undefined] = [0, undefined];
      const ends = Promise.withResolvers<void>();
      done.set(name, ends);
      return async (response) => {
        const probe = script[at];
        at += 1;
        if (model && gdnsd) {
          // Its state is of the probes before: this one is not answered yet.
          const address = place.gslb.regions.find((region) => region.name === name)?.address ?? '';
          const { isUpByProbes } = await (await gdnsd).stateOf(address);
          if (isUpByProbes !== model.isUp()) differences.push(`${name}, before probe ${at}: ${isUpByProbes}`);
        }
        if (probe === undefined) return ends.resolve();
        if (model) model.tell(probe === '+');
        else model = createProbeState(PROBING, probe === '+');
        if (probe !== '~') status(probe === '+' ? 200 : 503)(response);
      };
    };
    await using place = await openPlace({ msk: play('msk'), nsk: play('nsk') });
    gdnsd = startGdnsd(place.gslb, place.dir);
    place.stack.use(await gdnsd);
    await Promise.all([...done.values()].map(({ promise }) => promise));
    expect(differences).toEqual([]);
  });

  it.concurrent('D5 drains a region and refuses the last: it leaves in seconds, stays out, and comes back when asked', async ({
    expect,
  }) => {
    await using place = await openPlace({ msk: status(200), nsk: status(200) });
    const { gslb } = place;
    const [msk, nsk] = gslb.regions as [GslbRegion, GslbRegion];
    const gdnsd = place.stack.use(await startGdnsd(gslb, place.dir));
    const { ctx, notes } = operatorOf(gslb, gdnsd);
    const answered = async () => namesIn(gslb, (await ctx.answers()).get('ns1'));
    expect(await answered()).toEqual(['msk', 'nsk']);
    const startedAt = performance.now();
    expect(await drainRegion(ctx, { region: msk, reason: 'test', waits: false })).toEqual({ status: 'done' });
    await expect.poll(answered, { timeout: 8_000, interval: 100 }).toEqual(['nsk']);
    // By admin_state, not by its probes, which take longer.
    expect(performance.now() - startedAt).toBeLessThan(PROBING.down * PROBING.intervalSeconds * 1_000);
    expect(await drainRegion(ctx, { region: nsk, reason: 'test', waits: false })).toMatchObject({
      status: 'refused',
      why: expect.stringMatching(/^Cannot drain "nsk": no other region is healthy: msk is kept out by admin_state$/),
    });
    expect(await answered()).toEqual(['nsk']);
    await undrainRegion(ctx, { region: msk, reason: 'test' });
    await expect.poll(answered, { timeout: 20_000, interval: 100 }).toEqual(['msk', 'nsk']);
    expect(notes).toHaveLength(2);
  });

  it.concurrent('R1 D5 answers every region when none is healthy: it fails open', async ({ expect }) => {
    await using place = await openPlace({ msk: status(503), nsk: status(503) });
    const gdnsd = place.stack.use(await startGdnsd(place.gslb, place.dir));
    const { ctx } = operatorOf(place.gslb, gdnsd);
    for (const { address } of place.gslb.regions) expect((await gdnsd.stateOf(address)).isUp).toBe(false);
    expect(namesIn(place.gslb, (await ctx.answers()).get('ns1'))).toEqual(['msk', 'nsk']);
  });
});
