import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';
import { insurersPort, planInsurers } from './plan.ts';

test('the aggregators are told of as many insurers as were asked for, in their order, at the port of the insurers', () => {
  const options = parseOptions(['--insurers', '2', '--port', '9787']);
  expect(insurersPort(options)).toBe(9900);
  expect(planInsurers(options)).toBe('volga=http://127.0.0.1:9900/volga,don=http://127.0.0.1:9900/don');
});

test.each([
  [[], ['volga', 'don', 'ural', 'lena', 'baikal']],
  [
    ['--insurers', '10'],
    ['volga', 'don', 'ural', 'lena', 'baikal', 'kama', 'amur', 'yenisei', 'neva', 'oka'],
  ],
])('npm start -- %j has the insurers %j', (args, ids) => {
  const told = planInsurers(parseOptions(args));
  expect(told.split(',').map((pair) => pair.split('=')[0])).toEqual(ids);
});
