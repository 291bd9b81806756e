import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from '#platform/config/parse-env.ts';
import { runCommand } from '#platform/lifecycle/service.ts';
import { printLines } from '../../local/print-lines.ts';
import { createTerminal } from '../../local/terminal.ts';
import { createDrainContext } from './drain/create-context.ts';
import { drainRegion } from './drain/drain-region.ts';
import { statusLines } from './drain/status-lines.ts';
import { undrainRegion } from './drain/undrain-region.ts';
import { tokenOf } from './operator-token.ts';
import { type Command, parseCommand } from './parse-command.ts';
import { readRegions } from './read-regions.ts';
import { writeConfig } from './write-config.ts';

// The global load balancer's operator: writes gdnsd's configuration, drains a region and takes it back. Ends with 1 when
// refused.

async function generate(command: Extract<Command, { form: 'generate' }>): Promise<string[]> {
  const { out, 'name-server': nameServer, 'state-dir': stateDir } = command;
  const files = Object.entries(writeConfig(await readRegions(command.regions), { nameServer, stateDir }));
  for (const [name, text] of files) {
    const file = join(out, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return files.map(([name]) => join(out, name));
}

await runCommand('gslb', async () => {
  const command = parseCommand(process.argv.slice(2));
  const terminal = createTerminal();
  if (command.form === 'generate') return printLines(terminal.stdout, await generate(command));
  const gslb = await readRegions(command.regions);
  const ctx = createDrainContext({
    ...{ gslb, stateDir: command['state-dir'], tokenOf: (region) => tokenOf(region, process.env) },
    ...terminal,
  });
  if (command.form === 'status') return printLines(terminal.stdout, await statusLines(ctx));
  const region = gslb.regions.find(({ name }) => name === command.region);
  if (!region)
    throw new ConfigError(
      `REGION is "${command.region}" but must be one of "${command.regions}": ${gslb.regions.map(({ name }) => name).join(', ')}.`,
    );
  const { reason } = command;
  const outcome =
    command.form === 'drain'
      ? await drainRegion(ctx, { region, reason, waits: !command['no-wait'] })
      : await undrainRegion(ctx, { region, reason });
  if (outcome.status === 'refused') throw new Error(outcome.why);
});
