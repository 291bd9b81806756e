import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DRILLS } from '../drill/options.ts';
import { numbersOf } from './numbers-of.ts';
import { REQUIREMENTS } from './requirements.ts';

test('D14 each number is there once, and can be read off the name of a test', () => {
  const numbers = REQUIREMENTS.map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.filter((number) => numbersOf(`${number} holds`)[0] !== number)).toEqual([]);
});

test('D14 what shows a requirement at length is a command that there is', async () => {
  const shown = REQUIREMENTS.flatMap(({ shownBy }) => shownBy ?? []).map((command) => command.split(' '));
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(shown.filter(([npm, run, script = '']) => npm !== 'npm' || run !== 'run' || !scripts[script])).toEqual([]);
  const drills: readonly string[] = DRILLS;
  expect(shown.filter(([, , script, , drill = '']) => script === 'drill' && !drills.includes(drill))).toEqual([]);
});
