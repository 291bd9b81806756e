import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '../../local/require-or-skip.ts';
import { type Checkout, checkout, launch, type Running, run, startReady, stop } from '../../local/start.testing.ts';
import { findK6 } from './find-k6.ts';
import type { Tool } from './options.ts';

// k6 where .ci/run puts it, for a checkout has none of it.
const PATH = [resolve(import.meta.dirname, '../../.local/tools'), process.env['PATH']].join(delimiter);
const k6 = await findK6(['k6', resolve(import.meta.dirname, '../../.local/tools/k6')]);
const hasK6 = requireOrSkip('the scenarios of k6', k6 ? undefined : 'there is no k6, on PATH or in .local/tools');
const TOOLS: readonly Tool[] = hasK6 ? ['k6', 'autocannon'] : ['autocannon'];

let place: Checkout;
let region: Running;

beforeAll(async () => {
  place = await checkout();
  region = await startReady(place, ['--regions', 'msk']);
});
afterAll(async () => {
  await stop(region);
  await place[Symbol.asyncDispose]();
});

/** vitest has a BASE_URL of its own. */
const load = (args: readonly string[], env: Record<string, string>) =>
  run(place.dir, ['load/run/main.ts', ...args], { PATH, BASE_URL: '', ...env });

/** The rows of the table at the end: what was asked, how often, and whether it held. */
function heldIn(out: string): Record<string, { count: number; failed: number; letIn: number; held: string }> {
  const rows = out.matchAll(/^([a-z :]+?) {2,}(\d+) +(\d+) +(\d+) .* {2}(yes|-|NO: .*)$/gm);
  return Object.fromEntries(
    [...rows].map(([, series = '', count, failed, letIn, held = '']) => [
      series,
      { count: Number(count), failed: Number(failed), letIn: Number(letIn), held },
    ]),
  );
}

/** Plays two seconds of a scenario; each kind of request must have held, and been asked so often at least. */
async function playShortly(name: string, { tool, least }: { tool: Tool; least: Record<string, number> }) {
  const { code, out } = await load([name, '--with', tool], { DURATION: '2s' }).ended;
  expect(code, out).toBe(0);
  expect(out).toContain(`${name}: 2 s with ${tool}`);
  const held = heldIn(out);
  expect(Object.keys(held)).toEqual(Object.keys(least));
  for (const [series, count] of Object.entries(least)) {
    expect(held[series], out).toMatchObject({ failed: 0, held: 'yes' });
    expect(held[series]?.count).toBeGreaterThanOrEqual(count);
  }
}

describe.each(TOOLS)('npm run load with %s, against npm start', (tool) => {
  it.each([
    ['smoke', { quote: 7, issue: 7 }],
    ['peak', { quote: 90, issue: 18 }],
  ])('%s holds, says who plays it, and has asked what was planned', (name, least) =>
    playShortly(name, { tool, least }),
  );

  it('R7 noisy-partner: alfa is let in as agreed and refused the rest, nobody else is refused', async () => {
    const { code, out } = await load(['noisy-partner', '--with', tool], { DURATION: '3s', RATE: '0.5' }).ended;
    expect(code, out).toBe(0);
    const { 'alfa quote': alfa, ...others } = heldIn(out);
    expect(alfa?.count).toBeGreaterThanOrEqual(337);
    expect(alfa?.letIn).toBeLessThanOrEqual(80);
    expect(Object.keys(others)).toEqual(['beta quote', 'quote', 'issue']);
    for (const { count, failed, letIn } of Object.values(others)) expect([failed, letIn]).toEqual([0, count]);
  });

  it('a wrong key ends it before it begins, with a sentence', async () => {
    const env = { BASE_URL: `http://127.0.0.1:${place.port}`, SITE_KEY: 'ik_site_wrong' };
    const { code, out } = await load(['smoke', '--with', tool], env).ended;
    expect([code, out.trim()]).toEqual([1, `load: ${env.BASE_URL} does not know the key in SITE_KEY`]);
  });

  it('Ctrl-C ends it with what was seen until then', async () => {
    const running = load(['smoke', '--with', tool], { DURATION: '5m' });
    await running.printed(tool === 'k6' ? 'complete' : 'answered');
    running.child.kill('SIGINT');
    const { code, out } = await running.ended;
    expect(out).toContain('load: stopped by SIGINT');
    expect(heldIn(out)['quote']?.failed, out).toBe(0);
    expect(code).toBe(1);
  });
});

// .ci/run plays it with k6 and with locust.
it('sale with autocannon holds, from the quote to the cancellation', () =>
  playShortly('sale', {
    tool: 'autocannon',
    least: { quote: 18, issue: 18, repeat: 18, read: 18, list: 18, cancel: 18 },
  }));

describe('where each quote fails', () => {
  let server: Server;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      response.writeHead(url?.startsWith('/v1/products') ? 200 : 503).end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    env = { PATH, BASE_URL: `http://127.0.0.1:${port}`, SITE_KEY: 'ik_site_1', DURATION: '2s' };
  });
  afterAll(() => server.close());

  it.each(TOOLS)('the run of %s ends with code 1, and says what failed', async (tool) => {
    const { code, out } = await load(['smoke', '--with', tool], env).ended;
    expect(code).toBe(1);
    expect(out).toContain('status 503, not 200');
    expect(out).toContain('load: smoke failed');
    expect(heldIn(out)['quote']?.held).toMatch(/^NO: \d+ failed$/);
    expect(heldIn(out)['issue']?.held).toBe('NO: 0 asked');
  });

  it.runIf(hasK6)('k6 run by itself ends with its code for a threshold, 99', async () => {
    const { code } = await launch(place.dir, ['k6', 'run', '--no-usage-report', 'load/k6/smoke.ts'], env).ended;
    expect(code).toBe(99);
  });
});
