import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { boundOf, goalOf } from '../goals.ts';
import { judge } from '../judge.ts';
import { markedPart, replaceMarked } from './marked-part.ts';
import { PAGES } from './publish.ts';
import { readResults } from './results.ts';

/**
 * What is measured has one of these units. Whole seconds, minutes and days are left out: those in README are agreed on, such
 * as timeouts and intervals.
 */
const MEASURED = /\d[\d.,]* ?(?:ms|us|µs|MiB|KiB|GiB|MB|GB|requests\/s|events\/s|\/s|%|times)(?![\w/])|\d+\.\d+ ?s\b/g;

const PARTS = PAGES.filter(({ page }) => page === 'README.md').map(({ part }) => part);

/** What has such a unit and is no measurement, in the words in which it stands there. */
const AGREED = [
  'all are read when nothing is known and every 50 ms',
  'between two of its parts is slow (300 ms)',
  'nothing; some wait 0.25 s, limits are counted alone',
];

/** The page but for its marked parts, code, and what is agreed on. */
function rest(page: string): string {
  const prose = PARTS.reduce((text, part) => replaceMarked(text, part, ''), page)
    .replaceAll(/^```[\s\S]*?^```/gm, '')
    .replaceAll(/`[^`\n]*`/g, '');
  return AGREED.reduce((text, phrase) => text.replaceAll(phrase, ''), prose);
}

const figuresIn = (page: string): string[] => rest(page).match(MEASURED) ?? [];

describe('README', () => {
  test.each(PAGES)('$page has between its markers of $part what the results say, and nothing else', async (target) => {
    const page = await readFile(target.page, 'utf8');
    expect(markedPart(page, target.part)).toBe(target.render(await readResults()).trim());
  });

  test('has no measured figure but in those parts', async () => {
    expect(figuresIn(await readFile('README.md', 'utf8'))).toEqual([]);
  });

  test('a measured figure elsewhere is found out', () => {
    const page = (text: string) =>
      `${text}\n${PARTS.map((part) => `<!-- ${part} -->\n9 ms\n<!-- /${part} -->\n`).join('')}`;
    expect(figuresIn(page('A sale takes 5 ms, 4,410 requests/s, 28.5 MiB, 0.1 s, 12 %.'))).toEqual([
      '5 ms',
      '4,410 requests/s',
      '28.5 MiB',
      '0.1 s',
      '12 %',
    ]);
    expect(
      figuresIn(page('Fresh for 30 s; `sleep 5 ms`; all are read when nothing is known and every 50 ms.')),
    ).toEqual([]);
  });

  test('what is agreed on stands there', async () => {
    const page = await readFile('README.md', 'utf8');
    for (const phrase of AGREED) expect(page).toContain(phrase);
  });
});

test('the results judge each figure as goals and values do', async () => {
  for (const { name, figures } of Object.values(await readResults())) {
    for (const found of figures) {
      const goal = goalOf(name, found.figure);
      expect(found.verdict).toBe(goal && judge(goal, found, found.control));
      if (found.verdict) expect(found.goal).toBe(goal && boundOf(goal));
    }
  }
});
