import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HOP_KEY } from './fake-core.testing.ts';

const COMPLETE = { REGION: 'msk', CORE_URL: 'http://core.test', HOP_KEY };

/** The worker of a new isolate. */
async function newIsolate() {
  vi.resetModules();
  const { default: worker } = await import('./worker.ts');
  return (path: string, env: Record<string, string>, method = 'GET') =>
    worker.fetch(new Request(`http://edge.test${path}`, { method }), env, {} as never);
}

/** Lines of the log, by the level they were written at. */
let lines: { level: string; region: string; msg: string }[];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(JSON.parse(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a worker whose environment is not complete', () => {
  it.each([
    ['HOP_KEY', { REGION: 'msk', CORE_URL: 'http://core.test' }, 'HOP_KEY is missing'],
    ['CORE_URL', { ...COMPLETE, CORE_URL: 'core' }, 'CORE_URL is "core" but must be an http or https URL'],
    ['REGION', { ...COMPLETE, REGION: 'MSK' }, 'REGION is "MSK" but must be 2 to 8 lower-case letters'],
  ])('without a good %s says so once, however often it is asked', async (_name, env, fault) => {
    const ask = await newIsolate();
    for (const path of ['/v1/products', '/healthz/live', '/v1/policies']) await ask(path, env);
    expect(lines.map(({ level, msg }) => ({ level, msg }))).toEqual([
      { level: 'error', msg: `Configuration is not valid: ${fault}.` },
    ]);
  });

  it('answers everything with a bare 503, probes too, so that the region leaves DNS', async () => {
    const ask = await newIsolate();
    for (const path of ['/v1/products', '/healthz/live', '/healthz/gslb', '/nothing/here']) {
      const response = await ask(path, {});
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('60');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const problem = await response.json();
      expect(problem).toMatchObject({ instance: path, detail: 'The region cannot answer now' });
      expect(problem.type).toMatch(/\/core-unavailable$/);
      expect(JSON.stringify(problem)).not.toMatch(/REGION|HOP_KEY|CORE_URL|onfiguration/);
    }
    expect((await ask('/v1/policies', {}, 'POST')).status).toBe(503);
  });

  it('never says what a secret holds', async () => {
    const ask = await newIsolate();
    await ask('/healthz/live', { ...COMPLETE, HOP_KEY: 'hunter2' });
    expect(lines.map(({ msg }) => msg)).toEqual(['Configuration is not valid: HOP_KEY must be 32 bytes in base64url.']);
  });
});

describe('a worker whose environment is complete', () => {
  it('answers for itself and logs nothing', async () => {
    const ask = await newIsolate();
    expect((await ask('/healthz/live', COMPLETE)).status).toBe(200);
    expect(lines).toEqual([]);
  });
});
