import { expect, test } from 'vitest';
import { TROUBLE_NAMES } from './alerts/trouble-names.ts';
import { FAULT_NAMES } from './failover/fault-names.ts';
import { PLACES, TOXICS } from './faults/names.ts';
import { PARTS } from './kubernetes/parts.ts';
import { CASE_NAMES } from './noisy-partner/cases.ts';
import { parseOptions } from './options.ts';

test('a drill by name alone has the full numbers', () => {
  const sales = { kills: 100, policies: 10_000, intents: 1_000, seed: 1 };
  const usual = {
    ...sales,
    events: 1_000_000,
    malformed: 10_000,
    rate: 5_000,
    drops: 20,
    losses: 3,
    trials: 20,
    seconds: 60,
    cases: CASE_NAMES,
    parts: PARTS,
    troubles: TROUBLE_NAMES,
    faults: FAULT_NAMES,
    places: PLACES,
    toxics: TOXICS,
    keep: false,
  };
  expect(parseOptions(['kill'])).toEqual({ drill: 'kill', ...usual });
  expect(parseOptions(['kill', '--kills', '3', '--seed', '7', '--no-kafka'])).toEqual({
    drill: 'kill',
    ...usual,
    kills: 3,
    seed: 7,
    kafka: false,
  });
});

test('one case of the noisy partner by name, else all', () => {
  expect(parseOptions(['noisy-partner', '--case', 'region-dead', '--seconds', '20'])).toMatchObject({
    cases: ['region-dead'],
    seconds: 20,
  });
  expect(parseOptions(['noisy-partner', '--case', 'all']).cases).toHaveLength(8);
});

test('one part of the drill on Kubernetes by name, else all; what it made is deleted unless it is to be kept', () => {
  expect(parseOptions(['kubernetes'])).toMatchObject({ parts: PARTS, keep: false });
  expect(parseOptions(['kubernetes', '--part', 'memory', '--keep'])).toMatchObject({ parts: ['memory'], keep: true });
});

test('one fault of the failover by name, else all', () => {
  expect(parseOptions(['failover', '--fault', 'hang', '--trials', '3'])).toMatchObject({ faults: ['hang'], trials: 3 });
  expect(parseOptions(['failover']).faults).toHaveLength(4);
});

test('one way between parts by name, and one fault of it, else all', () => {
  const asked = ['faults', '--at', 'core-kafka', '--fault', 'half-open'];
  expect(parseOptions(asked)).toMatchObject({ places: ['core-kafka'], toxics: ['half-open'] });
  expect(parseOptions(['faults'])).toMatchObject({ places: PLACES, toxics: TOXICS });
  expect(() => parseOptions(['faults', '--fault', 'hang'])).toThrow(
    '--fault is "hang" but must be one of all, latency, bandwidth, reset, half-open.',
  );
});

test.each([
  [
    [],
    'must be one of kill, windows, kafka-lost, regions, poison, missing-event, noisy-partner, recovery, kubernetes, failover, isolation, alerts, faults',
  ],
  [['kil'], 'The drill is "kil" but must be one of'],
  [['kill', 'windows'], 'The drill is "kill windows"'],
  [['kill', '--kills', '0'], '--kills is "0" but must be an integer from 1 to 1000'],
  [['kill', '--policies', '1e3'], '--policies is "1e3" but must be an integer'],
  [['poison', '--events', '5000'], '--malformed is 10000 but must be at most a tenth of --events 5000'],
  [['kubernetes', '--part', 'rps'], '--part is "rps" but must be one of all, region, restart'],
  [['failover', '--fault', 'fire'], '--fault is "fire" but must be one of all, crash, hang, database-away, drain'],
  [['noisy-partner', '--case', 'well'], '--case is "well" but must be one of all, fine, upstash-dead'],
  [
    ['regions', '--intent', '5'],
    'allowed are --kills, --policies, --intents, --events, --malformed, --rate, --drops, --losses, --trials, --seconds, --seed, --case, --part, --fault, --at, --trouble, --kafka, --no-kafka, --keep',
  ],
])('a wrong argument is named, with what is allowed: %j', (args, sentence) => {
  expect(() => parseOptions(args)).toThrow(sentence);
});

test('one trouble of the drill of the alerts by name, else all', () => {
  expect(parseOptions(['alerts']).troubles).toEqual(TROUBLE_NAMES);
  expect(parseOptions(['alerts', '--trouble', 'kafka-killed']).troubles).toEqual(['kafka-killed']);
  expect(() => parseOptions(['alerts', '--trouble', 'fire'])).toThrow(
    '--trouble is "fire" but must be one of all, edge-killed',
  );
});
