import { expect, test } from 'vitest';
import { layOut, rowLine, table } from './print-table.ts';

test('a table has numbers to the right and texts to the left, each column as wide as it needs', () => {
  const rows = [
    ['id', 'reason', 'bytes'],
    ['7', 'unreadable', '4'],
    ['112', 'x', '40000'],
  ];
  expect(table(rows, ['reason'])).toEqual([
    ' id  reason      bytes',
    '  7  unreadable      4',
    '112  x           40000',
  ]);
});

test('a line has no blanks at its end, and a cell that is too long moves what is behind it', () => {
  const layout = layOut([
    ['a', 'b'],
    ['1', '22'],
  ]);
  expect(rowLine(['1', ''], layout)).toBe('1');
  expect(rowLine(['4444', '5'], layout)).toBe('4444   5');
});

test('no text of a cell steers the terminal', () => {
  const steering = '\u001b[2Jx\ny\u202e';
  const rows = [
    ['a', 'bbbbbbbb'],
    [steering, steering],
  ];
  expect(table(rows, ['a'])[1]).toBe('\u{FFFD}[2Jx\u{FFFD}y\u{FFFD}  \u{FFFD}[2Jx\u{FFFD}y\u{FFFD}');
});
