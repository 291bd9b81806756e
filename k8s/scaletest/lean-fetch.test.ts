import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp } from './app.ts';
import { LeanHeaders, LeanResponse } from './lean-fetch.ts';

const CLASSES = [
  ["Node's", { Headers, Response }],
  ['the lean', { Headers: LeanHeaders, Response: LeanResponse }],
] as const;

/** What the app answers with the classes that are global now. */
async function answer(path: string, method = 'GET') {
  const { app } = createApp({ podName: 'scaletestapp-0', hold: async () => undefined, usedBytes: () => 0 });
  const asked = { method, url: `http://localhost${path}`, headers: new Headers() } as unknown as Request;
  const { status, headers, body } = await app.fetch(asked);
  const text = typeof body === 'string' || body === null ? body : await new globalThis.Response(body).text();
  return { status, text, type: headers.get('content-type')?.toLowerCase(), connection: headers.get('connection') };
}

describe.each(CLASSES)('on %s classes of the platform', (_, classes) => {
  beforeEach(() => {
    for (const [name, value] of Object.entries(classes)) vi.stubGlobal(name, value);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('R17 the app answers the same', async () => {
    const plain = 'text/plain;charset=utf-8';
    expect(await answer('/')).toEqual({ status: 200, text: 'scaletestapp-0\n', type: plain, connection: 'close' });
    expect(await answer('/metrics')).toMatchObject({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(await answer('/none')).toMatchObject({ status: 404, text: '404 Not Found', connection: null });
    expect(await answer('/', 'POST')).toMatchObject({ status: 404 });
  });

  it('headers know no case, and add up', () => {
    const headers = new Headers({ 'Content-Type': 'text/plain' });
    headers.append('Vary', 'Accept');
    headers.append('vary', 'Origin');
    headers.set('X-Once', 'a');
    headers.set('x-once', 'b');
    expect([headers.get('content-type'), headers.get('VARY'), headers.get('x-once')]).toEqual([
      'text/plain',
      'Accept, Origin',
      'b',
    ]);
    headers.delete('Vary');
    expect([headers.has('vary'), headers.get('vary')]).toEqual([false, null]);
    expect([...new Headers(headers)]).toEqual([
      ['content-type', 'text/plain'],
      ['x-once', 'b'],
    ]);
  });
});
