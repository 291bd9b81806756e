import { describeMachine } from '../describe-machine.ts';
import { boundOf, GOALS, type Goal } from '../goals.ts';
import { judge } from '../judge.ts';
import { isSameMachine, type Machine } from '../machine.ts';
import type { Reported } from '../report.ts';
import { rangeOf } from '../table.ts';
import { tellNumber } from '../tell-number.ts';
import type { Results } from './results.ts';

/** README's table: each goal and each peer, what was found and whether it is held; below it where and when. */
export function renderGoals(results: Results, goals: readonly Goal[] = GOALS): string {
  const machines = machinesOf(results);
  const rows = goals.map((goal) => {
    const report = results[goal.bench];
    const found = report?.figures.find(({ figure }) => figure === goal.figure);
    const elsewhere = report && machines.length > 1 ? ` (${machineNumber(machines, report.machine)})` : '';
    return row(goal, found, elsewhere);
  });
  return [
    '| what | serves | goal | found (least to most) | A/A | |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    ...machines.map((machine, index) => `${machines.length > 1 ? `(${index + 1}) ` : ''}${describeMachine(machine)}.`),
    ...dates(results),
  ].join('\n');
}

function row(goal: Goal, found: Reported | undefined, elsewhere: string): string {
  const bound = boundOf(goal) || 'none: a peer';
  const cells = [goal.says, goal.serves, bound];
  if (!found) return `| ${[...cells, 'not measured', '', ''].join(' | ')} |`;
  const value = goal.of === 'p99' ? (found.p99 ?? Number.NaN) : found.median;
  const { control } = found;
  const told = `${tellNumber(value)} (${rangeOf(found)})${elsewhere}`;
  return `| ${[...cells, told, control ? rangeOf(control) : '-', judge(goal, found, control) ?? '-'].join(' | ')} |`;
}

/** Each once, the one of most benchmarks first. */
function machinesOf(results: Results): Machine[] {
  const kinds: Machine[][] = [];
  for (const { machine } of Object.values(results)) {
    const kind = kinds.find(([like]) => like && isSameMachine(like, machine));
    if (kind) kind.push(machine);
    else kinds.push([machine]);
  }
  return kinds.sort((a, b) => b.length - a.length).flatMap(([machine]) => machine ?? []);
}

const machineNumber = (machines: readonly Machine[], machine: Machine): number =>
  machines.findIndex((like) => isSameMachine(like, machine)) + 1;

/** On which day, at which commit and load each benchmark ran. */
function dates(results: Results): string[] {
  const each = Object.values(results).map(({ name, machine: { date, commit, load } }) => {
    return `\`${name}\` on ${date.slice(0, 10)} at ${commit} (load ${load} before)`;
  });
  return each.length === 0 ? [] : ['', `${each.join(', ')}.`];
}
