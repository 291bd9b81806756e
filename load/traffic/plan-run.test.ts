import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Gate, planRun } from './plan-run.ts';
import { readSettings } from './read-settings.ts';
import file from './scenarios.json' with { type: 'json' };
import { SCENARIO_NAMES, type ScenarioName, type Scenarios } from './scenarios.ts';

const SCENARIOS = file as Scenarios;
const plan = (name: ScenarioName, env: Record<string, string> = {}) =>
  planRun(SCENARIOS, { name, settings: readSettings(env) });
const gate = (gates: readonly Gate[], series: string) => gates.find((one) => one.series === series);

test('there is a script of k6 for each scenario, and no other scenario', () => {
  expect(Object.keys(SCENARIOS.scenarios)).toEqual([...SCENARIO_NAMES]);
  for (const name of SCENARIO_NAMES) expect(existsSync(join(import.meta.dirname, `../k6/${name}.ts`)), name).toBe(true);
});

describe('planRun', () => {
  test.each(['peak', 'soak'] as const)('R6 %s is 50 quotes and 10 policies a second', (name) => {
    const { streams, gates, seconds } = plan(name, { DURATION: '10s' });
    const perSecond = (journeys: readonly string[]) =>
      streams.reduce((sum, stream) => sum + (journeys.includes(stream.journey) ? stream.perSecond : 0), 0);
    expect([seconds, perSecond(['quote', 'buy']), perSecond(['buy'])]).toEqual([10, 50, 10]);
    expect(gates).toEqual([
      { series: 'quote', isJudged: true, failedShare: 0, p95Ms: 1_000, leastCount: 450 },
      { series: 'issue', isJudged: true, failedShare: 0, p95Ms: 1_000, leastCount: 90 },
    ]);
  });

  test('R7 noisy-partner asks 250 times a second for alfa, below its limit for beta, and judges what alfa is let in', () => {
    const { streams, gates } = plan('noisy-partner', { DURATION: '30s' });
    expect(streams.map(({ name, perSecond, isOverLimit }) => [name, perSecond, isOverLimit])).toEqual([
      ['alfa-quote', 250, true],
      ['beta-quote', 16, false],
      ['site-quote', 20, false],
      ['site-buy', 5, false],
    ]);
    // 20 a second and a tenth; nine tenths of it at least.
    expect(gate(gates, 'alfa quote')?.admitted).toEqual({ least: 540, most: 660 });
    for (const series of ['beta quote', 'quote', 'issue']) {
      expect(gate(gates, series)).toMatchObject({ failedShare: 0, p95Ms: 1_000 });
      expect(gate(gates, series)).not.toHaveProperty('admitted');
    }
  });

  test('a short run touches one second of the clock more than it lasts, and may be let in that much', () => {
    const admitted = (DURATION: string) =>
      gate(plan('noisy-partner', { DURATION }).gates, 'alfa quote')?.admitted?.most;
    expect([admitted('4s'), admitted('10s'), admitted('20s')]).toEqual([100, 220, 440]);
  });

  test('RATE changes everybody but who keeps to a limit, PARTNER_LIMIT him and what is let in', () => {
    const perSecond = (env: Record<string, string>) => plan('noisy-partner', env).streams.map((one) => one.perSecond);
    expect(perSecond({ RATE: '0.5' })).toEqual([125, 16, 10, 3]);
    expect(perSecond({ PARTNER_LIMIT: '10' })).toEqual([250, 8, 20, 5]);
    const { gates } = plan('noisy-partner', { PARTNER_LIMIT: '10', DURATION: '10s' });
    expect(gate(gates, 'alfa quote')?.admitted).toEqual({ least: 90, most: 110 });
    expect(plan('smoke', { RATE: '0.01' }).streams.map((one) => one.perSecond)).toEqual([1]);
  });

  test('spike goes from a fifth of the peak to five times it and back, and only then must be as before', () => {
    const { streams, gates, seconds } = plan('spike');
    expect(seconds).toBe(60);
    expect(streams.map(({ startSeconds, seconds: own, perSecond }) => [startSeconds, own, perSecond])).toEqual([
      [0, 15, 8],
      [0, 15, 2],
      [15, 15, 200],
      [15, 15, 50],
      [30, 10, 8],
      [30, 10, 2],
      [40, 20, 8],
      [40, 20, 2],
    ]);
    const told = gates.map(({ series, isJudged, failedShare, p95Ms }) => [series, isJudged, failedShare, p95Ms]);
    expect(told.filter(([series]) => String(series).endsWith('issue'))).toEqual([
      ['before: issue', true, 0, 1_000],
      ['spike: issue', true, 0.01, 2_000],
      ['settling: issue', false, 0, 1_000],
      ['recovered: issue', true, 0, 1_000],
    ]);
  });

  test('DURATION stretches all phases alike', () => {
    const { streams, seconds } = plan('spike', { DURATION: '2m' });
    expect([seconds, streams.at(-1)?.startSeconds, streams.at(-1)?.seconds]).toEqual([120, 80, 40]);
  });

  test.each(SCENARIO_NAMES)('no two streams of %s share a name or a number', (name) => {
    const { streams } = plan(name);
    for (const of of ['name', 'number'] as const) {
      expect(new Set(streams.map((stream) => stream[of])).size).toBe(streams.length);
    }
  });
});
