import { runCommand } from '#platform/lifecycle/service.ts';
import { faultsOf } from './faults-of.ts';
import { findSources } from './find-sources.ts';
import { testLines, traceLines } from './lines.ts';
import { parseOptions } from './options.ts';
import { readRecord } from './read-record.ts';
import { RECORD } from './record.ts';
import { REQUIREMENTS } from './requirements.ts';
import { trace } from './trace.ts';

// What must hold, which tests hold it, and how they ended last. It runs none: npm test leaves the results.

const say = (lines: readonly string[]) => void process.stdout.write(`${lines.join('\n')}\n`);

await runCommand('trace', async () => {
  const { only, mustPass } = parseOptions(process.argv.slice(2));
  const [sources, record] = await Promise.all([findSources('.'), readRecord()]);
  const found = trace(REQUIREMENTS, { sources, record });
  const rows = only ? found.rows.filter(({ requirement }) => requirement === only) : found.rows;
  say(only ? rows.flatMap(testLines) : traceLines(rows));
  if (Object.keys(record.files).length === 0) say([`No result is on record: npm test leaves them in ${RECORD}.`]);
  const faults = faultsOf({ rows, strange: only ? [] : found.strange }, { mustPass });
  if (faults.length > 0) throw new Error(`${faults.length} faults:\n${faults.join('\n')}`);
});
