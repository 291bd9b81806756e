import { describe, expect, test } from 'vitest';
import { ConfigError } from '#platform/config/parse-env.ts';
import { parseOptions } from './options.ts';

describe('parseOptions', () => {
  test('starts both regions from port 8787 with five insurers unless told otherwise', () => {
    expect(parseOptions([])).toEqual({ regions: ['msk', 'nsk'], port: 8787, insurers: 5, limits: 'shared' });
  });

  test('takes regions, a broker, a port, a number of insurers and where limits are counted', () => {
    const args = [
      '--regions',
      'msk',
      '--kafka',
      '127.0.0.1:9092',
      '--port=9787',
      '--insurers',
      '10',
      '--limits',
      'regional',
    ];
    const [kafka, limits] = ['127.0.0.1:9092', 'regional'];
    expect(parseOptions(args)).toEqual({ regions: ['msk'], kafka, port: 9787, insurers: 10, limits });
    expect(parseOptions(['--insurers', '1']).insurers).toBe(1);
  });

  test.each(['', '0', '11', '-1', '5.5', '05', '1e1', 'all'])(
    'refuses --insurers=%s, naming what is allowed',
    (count) => {
      expect(() => parseOptions([`--insurers=${count}`])).toThrow(
        new ConfigError(`--insurers is "${count}" but must be an integer from 1 to 10.`),
      );
    },
  );

  test.each([
    [['--port=80'], '--port is "80" but must be an integer from 1024 to 65000.'],
    [['--regions=msk,msk'], '--regions is "msk,msk" but names a region twice.'],
    [['--regions=M'], '--regions is "M" but must be names of 2 to 8 small letters, such as msk,nsk.'],
    [['--limits=msk'], '--limits is "msk" but must be shared or regional.'],
    [['--kafka=x'], '--kafka is "x" but must be host:port, such as 127.0.0.1:9092.'],
    [
      ['--insurer=5'],
      "Unknown option '--insurer': allowed are --regions msk,nsk  --kafka host:port  --port 8787  --insurers 5  --limits shared|regional.",
    ],
  ])('refuses %j in one sentence', (args, message) => {
    expect(() => parseOptions(args)).toThrow(new ConfigError(message));
  });
});
