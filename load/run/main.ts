import { readFileSync } from 'node:fs';
import tables from '#contracts/osago-tables.json' with { type: 'json' };
import { ConfigError } from '#platform/config/parse-env.ts';
import { runCommand } from '#platform/lifecycle/service.ts';
import { createTerminal } from '../../local/terminal.ts';
import { judgeSeries, NOTHING } from '../traffic/judge-series.ts';
import { planRun } from '../traffic/plan-run.ts';
import { readSettings } from '../traffic/read-settings.ts';
import { type DemoPlaces, readTarget } from '../traffic/read-target.ts';
import { riskTables } from '../traffic/risk-tables.ts';
import scenariosFile from '../traffic/scenarios.json' with { type: 'json' };
import type { Scenarios } from '../traffic/scenarios.ts';
import { SettingError } from '../traffic/setting-error.ts';
import { summaryLines } from '../traffic/summary-lines.ts';
import { checkPlaces } from './check-places.ts';
import { findK6 } from './find-k6.ts';
import { listing, type Options, parseOptions } from './options.ts';
import { runAutocannon } from './run-autocannon.ts';
import { runK6 } from './run-k6.ts';

const SCENARIOS = scenariosFile as Scenarios;
const K6_COMMANDS = ['k6', '.local/tools/k6'];

const say = (line: string) => void process.stdout.write(`${line}\n`);
const readDemo = () => JSON.parse(readFileSync('.local/demo.json', 'utf8')) as DemoPlaces;

async function play({ name, tool }: Options): Promise<void> {
  const terminal = createTerminal();
  const { signal } = terminal;
  const settings = readSettings(process.env);
  const plan = planRun(SCENARIOS, { name, settings });
  const callers = [...new Set(plan.streams.map(({ caller }) => caller))];
  const target = readTarget(process.env, { callers, readDemo });
  const k6 = tool === 'autocannon' ? undefined : await findK6(K6_COMMANDS);
  if (tool === 'k6' && !k6) throw new Error(`There is no k6 of version 1 or newer: ${K6_COMMANDS.join(', ')}`);
  await checkPlaces(target, callers);
  const where = target.places.map(({ region, url }) => (region ? `${region} ${url}` : url)).join(', ');
  const by = k6 ? `k6 ${k6.version} (${k6.command})` : 'autocannon';
  say(`${name}: ${plan.seconds} s with ${by}${k6 || tool ? '' : ', as there is no k6'}, at ${where}`);
  if (k6) return runK6(k6, { name, signal });
  const measured = await runAutocannon({ ...terminal, ...settings, target, tables: riskTables(tables) }, plan);
  say(`\n${summaryLines(plan, measured).join('\n')}\n`);
  signal.throwIfAborted();
  const failed = plan.gates.filter((gate) => judgeSeries(gate, measured.get(gate.series) ?? NOTHING).length > 0);
  if (failed.length > 0) throw new Error(`${name} failed: ${failed.map(({ series }) => series).join(', ')}`);
}

await runCommand('load', async () => {
  const options = parseOptions(process.argv.slice(2), SCENARIOS);
  if (!options) return say(listing(SCENARIOS));
  await play(options).catch((error: unknown) => {
    throw error instanceof SettingError ? new ConfigError(error.message) : error;
  });
});
