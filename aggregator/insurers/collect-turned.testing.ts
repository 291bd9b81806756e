import type { Hono } from 'hono';
import { testContext } from '../protocols/test-context.ts';
import type { Insurer } from './insurer.ts';

const HOST = 'http://insurers.test';

/** For tests: collects from an insurer at the root of its host with the text of each reply turned; notes what it asked. */
export async function collectTurned(
  insurer: Insurer,
  { app, turn = (text) => text, asked = [] }: { app: Hono; turn?: (text: string) => string; asked?: string[] },
) {
  const ctx = testContext(async (url, init) => {
    asked.push(url.replace(HOST, ''));
    const good = await app.request(url, init);
    return new Response(turn(await good.text()), good);
  });
  return insurer.collect(ctx, HOST);
}
