import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { boundOf, GOALS } from './goals.ts';

/** Every name that a benchmark's files can give a figure: their texts, where anything may stand for what is filled in. */
function namesIn(bench: string): RegExp[] {
  const files = globSync(`{${bench}.ts,${bench}/**/*.ts}`, { cwd: import.meta.dirname });
  const sources = files.filter((file) => !/\.test\.ts$/.test(file));
  return sources.flatMap((file) => {
    const code = readFileSync(join(import.meta.dirname, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    const texts = [...code.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`/g)].map(([, ...found]) => found.join(''));
    return texts.filter(saysSomething).map(patternOf);
  });
}

const FILLED_IN = /\$\{[^}]*\}/;
const saysSomething = (text: string): boolean => /\w.*\w/.test(text.split(FILLED_IN).join(''));
const patternOf = (text: string): RegExp => new RegExp(`^${text.split(FILLED_IN).map(RegExp.escape).join('.+')}$`);

describe('goals', () => {
  test.each(GOALS)('$bench can measure "$figure"', ({ bench, figure }) => {
    expect(namesIn(bench).some((name) => name.test(figure))).toBe(true);
  });

  test('a name that no benchmark gives is found out', () => {
    expect(namesIn('outbox').some((name) => name.test('pigeons alone'))).toBe(false);
    expect(namesIn('pigeons')).toEqual([]);
  });

  test('each figure has one goal, and one bound at most', () => {
    const names = GOALS.map(({ bench, figure }) => `${bench}: ${figure}`);
    expect(new Set(names).size).toBe(names.length);
    expect(GOALS.filter(({ atLeast, atMost }) => atLeast !== undefined && atMost !== undefined)).toEqual([]);
  });

  test('a bound is told in words', () => {
    expect([{ atLeast: 0.85 }, { atMost: 2_000 }, {}].map(boundOf)).toEqual(['at least 0.85', 'at most 2,000', '']);
  });
});
