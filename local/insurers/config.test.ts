import { describe, expect, test } from 'vitest';
import { parseConfig } from './config.ts';

describe('parseConfig', () => {
  test('listens on 127.0.0.1:8900 with five insurers unless told otherwise', () => {
    expect(parseConfig({})).toEqual({ host: '127.0.0.1', port: 8900, count: 5 });
    expect(parseConfig({ HOST: '::1', PORT: '0', INSURER_COUNT: '10' })).toEqual({ host: '::1', port: 0, count: 10 });
  });

  test.each(['', 'x', '-1', '65536', '8900.5', '0x10', '8900 '])('refuses PORT=%j, naming it', (PORT) => {
    expect(() => parseConfig({ PORT })).toThrow(`PORT must be a number from 0 to 65535, not ${JSON.stringify(PORT)}`);
  });

  test.each(['', '0', '11', '-1', '5.5', '05', 'all'])('refuses INSURER_COUNT=%j, naming it', (INSURER_COUNT) => {
    const message = `INSURER_COUNT must be a number from 1 to 10, not ${JSON.stringify(INSURER_COUNT)}`;
    expect(() => parseConfig({ INSURER_COUNT })).toThrow(message);
  });

  test.each(['', 'a b'])('refuses HOST=%j, naming it', (HOST) => {
    expect(() => parseConfig({ HOST })).toThrow('HOST must be');
  });
});
