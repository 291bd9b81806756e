import { rangeOf } from '../table.ts';
import { tellNumber } from '../tell-number.ts';
import type { Results } from './results.ts';

/** Everything that was found, benchmark by benchmark. */
export function renderFound(results: Results): string {
  const parts = Object.values(results).map(({ name, machine, figures }) =>
    [
      `\`${name}\`, on ${machine.date.slice(0, 10)}, load ${machine.load} before and ${machine.loadAfter ?? '?'} after:`,
      '',
      '| figure | unit | median | least to most | p99 | A/A |',
      '|---|---|---|---|---|---|',
      ...figures.map((found) => {
        const { figure, unit, median, p99, control } = found;
        const cells = [figure, unit, tellNumber(median), rangeOf(found), p99 === undefined ? '' : tellNumber(p99)];
        return `| ${[...cells, control ? rangeOf(control) : ''].join(' | ')} |`;
      }),
    ].join('\n'),
  );
  return parts.length === 0 ? 'Nothing has been published yet.' : parts.join('\n\n');
}
