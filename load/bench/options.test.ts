import { describe, expect, test } from 'vitest';
import { parseOptions } from './options.ts';

const KNOWN = ['sale', 'rating', 'edge'] as const;
const parse = (...args: string[]) => parseOptions(args, KNOWN);

describe('parseOptions', () => {
  test('measures all when nothing is named', () => {
    expect(parse()).toEqual({ names: ['sale', 'rating', 'edge'], readme: false });
    expect(parse('--rounds', '1')).toEqual({ names: ['sale', 'rating', 'edge'], rounds: 1, readme: false });
  });

  test('measures nothing when README alone is asked for, and what is named before it is written', () => {
    expect(parse('--readme')).toEqual({ names: [], readme: true });
    expect(parse('edge', '--readme')).toEqual({ names: ['edge'], readme: true });
  });

  test.each([
    [['--rounds'], '--rounds is a whole number from 1 to 100, not ""'],
    [['--rounds', '0'], '--rounds is a whole number from 1 to 100, not "0"'],
    [['--rounds', '2.5'], '--rounds is a whole number from 1 to 100, not "2.5"'],
    [['--rounds', '101'], '--rounds is a whole number from 1 to 100, not "101"'],
    [['--quick'], 'There is no option --quick: there are --rounds and --readme'],
    [['speed'], 'There is no benchmark "speed": there are sale, rating, edge'],
  ])('refuses %j by name', (args, sentence) => {
    expect(() => parse(...args)).toThrow(sentence);
  });
});
