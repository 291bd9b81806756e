import { describe, expect, test } from 'vitest';
import { healthRoutes } from '#platform/lifecycle/health.ts';
import { serve } from '#platform/lifecycle/serve.ts';
import { createTestEdge } from './edge.testing.ts';

interface Addresses {
  readonly edge: string;
  readonly core: string;
}

/** How a load balancer finds out whether a region stays in DNS. */
type Probe = (region: Addresses) => Promise<boolean>;

const isOk = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** What DESIGN has the balancer ask. */
const ours: Probe = ({ edge }) => isOk(`${edge}/healthz/gslb`);

const LOCAL = { host: '127.0.0.1', port: 0, quietMs: 0 };

/** A region that listens on real sockets, and each part of which can die. */
async function openRegion() {
  const stack = new AsyncDisposableStack();
  const edge = createTestEdge();
  const gateway = await serve((request) => edge.get(new URL(request.url).pathname), LOCAL);
  const core = await serve(healthRoutes({ ready: true, checks: {} }, edge.clock).fetch, LOCAL);
  const live = { gateway: stack.use(gateway), core: stack.use(core) };
  const dead = new Set<keyof typeof live>();
  return {
    addresses: { edge: `http://127.0.0.1:${gateway.port}`, core: `http://127.0.0.1:${core.port}` },
    async kill(part: keyof typeof live) {
      dead.add(part);
      await live[part][Symbol.asyncDispose]();
      if (dead.has('core')) edge.weather.core = 'dead';
      // What was asked before may be told for a second.
      edge.clock.advance(1_000);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** LAW: a region stays in DNS only while a client can reach its gateway, and the gateway what is behind it. */
async function leavesDns(probe: Probe): Promise<void> {
  for (const part of ['gateway', 'core'] as const) {
    await using region = await openRegion();
    expect(await probe(region.addresses), 'a healthy region is not in DNS').toBe(true);
    await region.kill(part);
    expect(await probe(region.addresses), `a region whose ${part} is dead stays in DNS`).toBe(false);
  }
}

describe('F12 a region whose gateway is dead but which stays in DNS, and one healthy service that hides the others', () => {
  test('R1 R8 S1 /healthz/gslb, asked through the gateway, keeps the law', () => leavesDns(ours));

  test('R1 R8 S1 a probe that asks core past its gateway is caught', async () => {
    const faulty: Probe = ({ core }) => isOk(`${core}/healthz/gslb`);
    await expect(leavesDns(faulty)).rejects.toThrow('a region whose gateway is dead stays in DNS');
  });
  test('R1 R8 S1 a probe of a gateway that vouches for itself alone is caught', async () => {
    const faulty: Probe = ({ edge }) => isOk(`${edge}/healthz/ready`);
    await expect(leavesDns(faulty)).rejects.toThrow('a region whose core is dead stays in DNS');
  });
  test('R1 R8 S1 a probe that is content with any service of the region is caught', async () => {
    const faulty: Probe = async ({ edge, core }) =>
      (await isOk(`${edge}/healthz/gslb`)) || (await isOk(`${core}/healthz/gslb`));
    await expect(leavesDns(faulty)).rejects.toThrow('a region whose gateway is dead stays in DNS');
  });
});
