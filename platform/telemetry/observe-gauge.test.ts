import { Registry } from 'prom-client';
import { afterEach, expect, test, vi } from 'vitest';
import { observeGauge } from './observe-gauge.ts';

afterEach(() => void vi.useRealTimers());

const series = async (registry: Registry) =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

test('a gauge has the series of its reading alone, however many it had before', async () => {
  const registry = new Registry();
  let insurers = ['volga', 'ural'];
  observeGauge(registry, {
    name: 'age',
    help: 'An age',
    labelNames: ['insurer'],
    read: () => insurers.map((insurer, n) => ({ labels: { insurer }, value: n })),
  });
  expect(await series(registry)).toEqual(['age{insurer="volga"} 0', 'age{insurer="ural"} 1']);
  insurers = ['don'];
  expect(await series(registry)).toEqual(['age{insurer="don"} 0']);
});

test('R8 what cannot be read is absent, neither the last figure nor a zero, and is there again when it can', async () => {
  const registry = new Registry();
  let read: () => Promise<{ value: number }[]> = async () => [{ value: 7 }];
  observeGauge(registry, { name: 'backlog', help: 'A backlog', read: () => read() });
  expect(await series(registry)).toEqual(['backlog 7']);
  read = () => Promise.reject(new Error('the database is away'));
  expect(await series(registry)).toEqual([]);
  read = async () => [{ value: 8 }];
  expect(await series(registry)).toEqual(['backlog 8']);
});

test('a reading that throws at once is one that rejects', async () => {
  const registry = new Registry();
  const read = () => {
    throw new TypeError('a bug');
  };
  observeGauge(registry, { name: 'broken', help: 'Broken', read });
  expect(await series(registry)).toEqual([]);
});

test('R8 a reading that hangs holds a scrape up for a second, costs no other metric, and is not begun again', async () => {
  vi.useFakeTimers();
  const registry = new Registry();
  let readings = 0;
  const hung = Promise.withResolvers<{ value: number }[]>();
  const read = () => {
    readings += 1;
    return hung.promise;
  };
  observeGauge(registry, { name: 'hanging', help: 'Hangs', read });
  observeGauge(registry, { name: 'well', help: 'Well', read: () => [{ value: 1 }] });
  for (let scrape = 0; scrape < 3; scrape += 1) {
    const scraped = series(registry);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await scraped).toEqual(['well 1']);
  }
  expect(readings).toBe(1);
  hung.resolve([{ value: 2 }]);
  expect(await series(registry)).toEqual(['hanging 2', 'well 1']);
});
