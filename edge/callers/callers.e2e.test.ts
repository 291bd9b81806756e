import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '../../local/require-or-skip.ts';
import { HOP_KEY, SITE } from '../fake-core.testing.ts';
import { type RunningEdge, startEdge } from '../runtime.testing.ts';

/** One request a second of each address; no core, for whoever shows no key is told so without it. */
const ENV = {
  REGION: 'msk',
  CORE_URL: 'http://127.0.0.1:1',
  HOP_KEY,
  ANONYMOUS_LIMIT_PER_SECOND: '1',
  TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
};
const PROXY = '127.0.0.1';
const STRANGER = '127.0.0.2';
const COUNT = 40;

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'));
/** Where each edge runs, and what its socket calls the proxy. */
const EDGES = [
  ['node', 'one family', {}],
  ['deno', 'one family', {}],
  ['node', 'both families', { HOST: '::' }],
] as const;
const runnable = EDGES.filter(
  ([, socket]) =>
    socket === 'one family' ||
    requireOrSkip('A socket of both families', hasIpv6 ? undefined : 'this machine has no IPv6'),
);
const canBeStranger = requireOrSkip(
  'X-Forwarded-For of a stranger',
  process.platform === 'linux' ? undefined : 'only Linux has all of 127.0.0.0/8 on its loopback',
);

/** How many of the requests, all sent at once, were counted as the first of their caller in a second. */
async function countCallers(edge: RunningEdge, { from, headers }: { from: string; headers: (at: number) => string[] }) {
  const startedAt = Date.now();
  const statuses = await Promise.all(
    Array.from({ length: COUNT }, (_, at) => send(edge, { from, forwardedFor: headers(at) })),
  );
  const seconds = Math.floor(Date.now() / 1_000) - Math.floor(startedAt / 1_000) + 1;
  expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
  return { counted: statuses.filter((status) => status === 401).length, seconds };
}

function send(edge: RunningEdge, { from, forwardedFor }: { from: string; forwardedFor: string[] }): Promise<number> {
  const headers = { 'x-forwarded-for': forwardedFor };
  return new Promise((resolve, reject) => {
    const sent = request(`${edge.url}/v1/policies`, { localAddress: from, agent: false, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.once('error', reject).end();
  });
}

describe.each(runnable)('on %s, with a socket of %s', (runtime, _socket, listening) => {
  let folder: string;
  let edge: RunningEdge;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edge-callers-'));
    edge = await startEdge(runtime, { folder, env: { ...ENV, ...listening } });
  });
  afterAll(async () => {
    await edge.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.skipIf(!canBeStranger)(
    'spoofed X-Forwarded-For refused: a stranger is one caller, whatever it writes',
    async () => {
      const { counted, seconds } = await countCallers(edge, { from: STRANGER, headers: (at) => [`203.0.113.${at}`] });
      expect(counted).toBeGreaterThanOrEqual(1);
      expect(counted).toBeLessThanOrEqual(seconds);
    },
  );

  it('each caller behind a trusted proxy is counted for itself', async () => {
    const { counted } = await countCallers(edge, { from: PROXY, headers: (at) => [`198.51.100.${at}`] });
    expect(counted).toBe(COUNT);
  });

  it('a caller behind proxies is the rightmost that is none, in one header or in several', async () => {
    const headers = (at: number) => [`203.0.113.${at}`, '192.0.2.77', ...(at % 2 ? ['10.0.0.1'] : [])];
    const { counted, seconds } = await countCallers(edge, { from: PROXY, headers });
    expect(counted).toBeGreaterThanOrEqual(1);
    expect(counted).toBeLessThanOrEqual(seconds);
  });

  it('callers of one IPv6 /64 behind a proxy are one', async () => {
    const headers = (at: number) => [at % 2 ? `2001:db8::${at}` : `[2001:db8::${at}]:443`];
    const { counted, seconds } = await countCallers(edge, { from: PROXY, headers });
    expect(counted).toBeLessThanOrEqual(seconds);
  });

  it('a key in an address is nowhere in the log', async () => {
    const secret = SITE.key.slice('ik_site_'.length);
    for (const path of [`/v1/policies?key=${SITE.key}`, `/v1/policies/${SITE.key}`, `/%69k_site_${secret}`])
      expect((await fetch(`${edge.url}${path}`)).status).toBe(400);
    await expect.poll(edge.output).toContain('a key was shown outside Authorization');
    expect(edge.output()).not.toContain(secret);
  });
});
