import { describe, expect, test } from 'vitest';
import { parseConfig } from './config.ts';

describe('parseConfig', () => {
  test('listens on 127.0.0.1:8900 unless told otherwise', () => {
    expect(parseConfig({})).toEqual({ host: '127.0.0.1', port: 8900 });
    expect(parseConfig({ HOST: '::1', PORT: '0' })).toEqual({ host: '::1', port: 0 });
  });

  test.each(['', 'x', '-1', '65536', '8900.5', '0x10', '8900 '])('refuses PORT=%j, naming it', (PORT) => {
    expect(() => parseConfig({ PORT })).toThrow(`PORT must be a number from 0 to 65535, not ${JSON.stringify(PORT)}`);
  });

  test.each(['', 'a b'])('refuses HOST=%j, naming it', (HOST) => {
    expect(() => parseConfig({ HOST })).toThrow('HOST must be');
  });
});
