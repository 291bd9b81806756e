import { expect, test } from 'vitest';
import { portsOf } from './listening-ports.ts';

test('listening ports are read, of both families, and connections are none', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const tables = [
    head,
    '   0: 0100007F:2253 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0',
    '   1: 0100007F:2253 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1',
    '   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0',
    head,
    '   0: 00000000000000000000000001000000:2253 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4 1 0 100',
  ].join('\n');
  expect(portsOf(tables)).toEqual([80, 8787]);
});
