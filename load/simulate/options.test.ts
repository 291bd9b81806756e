import { expect, it } from 'vitest';
import { parseOptions } from './options.ts';

it('reads seeds, a first seed, one seed and a fault', () => {
  expect(parseOptions([])).toEqual({ seeds: 1_000, from: 1 });
  const asked = parseOptions(['--seeds', '10000', '--from', '7', '--seed', '4711', '--fault', 'id-after-last']);
  expect(asked).toMatchObject({ seeds: 10_000, from: 7, seed: 4_711, fault: { name: 'id-after-last' } });
});

it.each([
  [['--seeds', '0'], '--seeds is "0" but must be an integer from 1 to 999999999.'],
  [['--seed', '-1'], '--seed'],
  [['--seed', 'x'], '--seed is "x" but must be an integer from 0 to 999999999.'],
  [['--fault', 'none'], '--fault is "none" but must be one of id-after-last, xid-cursor,'],
  [['--sedes', '1'], 'allowed are --seeds, --from, --seed and --fault.'],
])('refuses %j with a sentence', (args, said) => {
  expect(() => parseOptions(args)).toThrow(said);
});
