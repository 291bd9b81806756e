import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { freePort } from '../../../local/free-port.ts';
import type { BenchContext, Figure } from '../bench.ts';
import { measured } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { type Child, startChild } from '../issuing/child.ts';
import { ROUNDS } from '../rounds.ts';
import { FILLED_PERIOD } from './fill.ts';
import type { Content, Wanted } from './read-register.ts';
import type { Database } from './stand.ts';
import { INSURERS } from './stream.ts';

const INSURER = INSURERS[0];
const CONTROL = 'A/A: register as CSV: peak over idle, less the same again';
const GATE = 'lines and premiums are those of the table, and each reading has the same bytes';

/** A register read once from a process that has just started. */
interface Reading extends Content {
  /** RSS, MiB: before, and the most meanwhile. */
  readonly idleMiB: number;
  readonly peakMiB: number;
}

/** What a process of settlement takes of memory while somebody reads a whole register from it, and how fast that is. */
export async function register(ctx: BenchContext, database: Database): Promise<Figure[]> {
  await using reader = await startChild('../settlement/reader-process.ts', { env: {}, signal: ctx.signal });
  const read = (type: Wanted['type']) => readOnce(ctx, { database, reader, type });
  const found = await interleave(ctx, {
    what: 'settlement: register',
    rounds: ROUNDS,
    states: { csv: () => read('text/csv'), json: () => read('application/json'), again: () => read('text/csv') },
  });
  for (const readings of [[...found.csv, ...found.again], found.json]) {
    if (new Set(readings.map(({ digest }) => digest)).size !== 1)
      throw new Error('Wrong: the same register was read as two');
  }
  const { figure } = measured({ gate: GATE });
  const overIdle = (readings: readonly Reading[]) => readings.map(({ idleMiB, peakMiB }) => peakMiB - idleMiB);
  const again = overIdle(found.again);
  return [
    ...figuresOf('CSV', found.csv),
    ...figuresOf('JSON', found.json),
    figure(
      CONTROL,
      'MiB',
      overIdle(found.csv).map((mib, round) => mib - (again[round] ?? Number.NaN)),
    ),
  ];
}

function figuresOf(name: string, readings: readonly Reading[]): Figure[] {
  const { figure, rate } = measured({ gate: GATE });
  const mib = (what: string, of: (reading: Reading) => number): Figure =>
    figure(`register as ${name}: ${what}`, 'MiB', readings.map(of));
  return [
    mib('body', ({ bytes }) => bytes / 2 ** 20),
    mib('idle RSS', ({ idleMiB }) => idleMiB),
    mib('peak RSS', ({ peakMiB }) => peakMiB),
    { ...mib('peak over idle', ({ idleMiB, peakMiB }) => peakMiB - idleMiB), control: CONTROL },
    rate(
      `register as ${name}: lines`,
      readings.map(({ lines, seconds }) => lines / seconds),
    ),
  ];
}

async function readOnce(
  { signal }: BenchContext,
  { database, reader, type }: { database: Database; reader: Child; type: Wanted['type'] },
): Promise<Reading> {
  const [port, token] = [String(await freePort()), randomBytes(32).toString('base64url')];
  const env = { REGION: 'msk', PORT: port, OPERATOR_TOKEN: token, DATABASE_URL: database.url, LOG_LEVEL: 'info' };
  await using child = await startChild('../settlement/settlement-process.ts', { env, signal });
  const url = (period: string) => `http://127.0.0.1:${port}/v1/registers/${INSURER}/${period}`;
  // A month without lines: all of the code, and nothing of the register.
  for (let warm = 0; warm < 20; warm += 1) await reader.ask<Content>({ url: url('2020-01'), token, type });
  await child.ask({});
  const idleMiB = await memoryOf(child, 'VmRSS');
  await forgetPeak(child);
  const content = await reader.ask<Content>({ url: url(FILLED_PERIOD), token, type });
  const peakMiB = await memoryOf(child, 'VmHWM');
  await requireWhole(database, content);
  return { ...content, idleMiB, peakMiB };
}

/** The gate: as many lines as the table has, at the same premiums. */
async function requireWhole({ admin }: Database, { lines, premiumMinor }: Content): Promise<void> {
  const [row] = await admin<[{ lines: number; premium: number }]>`
    select count(*)::float8 as lines, sum(premium_minor)::float8 as premium from settlement.register_lines
    where insurer = ${INSURER} and period = ${FILLED_PERIOD}`;
  if (row.lines !== lines || row.premium !== premiumMinor) {
    throw new Error(
      `Wrong: ${lines} lines of ${premiumMinor} kopecks were read, ${row.lines} of ${row.premium} are there`,
    );
  }
}

/** `VmRSS`: pages of the process in memory now; `VmHWM`: the most there were. Linux has them. */
async function memoryOf({ pid }: Child, what: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => {
    throw new Error('This needs the /proc of Linux');
  });
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
}

/** From now on `VmHWM` is anew (proc(5), clear_refs). */
const forgetPeak = ({ pid }: Child): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, '5');
