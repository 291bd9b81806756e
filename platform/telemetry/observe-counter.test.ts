import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { observeCounter } from './observe-counter.ts';

test('a counter says what was counted elsewhere, at zero from the beginning, however often it is read', async () => {
  const registry = new Registry();
  const tally = { admitted: 0, refused: 0 };
  observeCounter(registry, {
    name: 'decisions_total',
    help: 'Decisions',
    labelNames: ['decision'],
    read: () => Object.entries(tally).map(([decision, value]) => ({ labels: { decision }, value })),
  });
  const read = async () => (await registry.metrics()).split('\n').filter((line) => /^decisions|TYPE/.test(line));
  const TYPE = '# TYPE decisions_total counter';
  expect(await read()).toEqual([
    TYPE,
    'decisions_total{decision="admitted"} 0',
    'decisions_total{decision="refused"} 0',
  ]);
  tally.admitted = 3;
  for (let scrape = 0; scrape < 2; scrape += 1) {
    expect((await read())[1]).toBe('decisions_total{decision="admitted"} 3');
  }
});
