import { createHash } from 'node:crypto';
import { check } from './check.ts';
import { endDisasters, loose } from './disasters.ts';
import { type Chance, createChance } from './engine/chance.ts';
import { createClock } from './engine/clock.ts';
import { createMoments, type Weather, type World } from './engine/world.ts';
import { type Fault, PARTS } from './parts.ts';
import { createRegion, type Region, type Size } from './region.ts';
import { startRetiring, startWriting } from './workload.ts';

/** How a run ended. */
export interface Verdict {
  readonly seed: number;
  /** What is wrong, in sentences; empty when all held. */
  readonly broken: readonly string[];
  /** Committed. */
  readonly events: number;
}

export interface RunOptions {
  readonly fault?: Fault | undefined;
  /** Told of each thing that happens, with the virtual time. */
  readonly onLine?: (line: string) => void;
}

/** Milliseconds. Some is written in the calm, for the relay that is left. */
const CALM_AT_MS = 3_500;
const WRITE_MS = 4_200;
/** Faults are over, so in this time all must have arrived: the longest pause of a consumer is 5 s, of a relay 1 s. */
const ARRIVE_MS = 15_000;
/** What is still under way when all is booked may yet break something. */
const LINGER_MS = 300;

/** Runs once, all of it drawn from the seed: the same seed does the same, step by step. */
export async function simulate(seed: number, { fault, onLine }: RunOptions = {}): Promise<Verdict> {
  const chance = createChance(seed);
  const clock = createClock();
  const trace = (line: () => string) => onLine?.(`${clock.now().toFixed(3).padStart(9)} ${line()}`);
  const world: World = { clock, chance, weather: drawWeather(chance), calm: false, trace, ...createMoments() };
  const parts = fault ? fault.plant(PARTS) : PARTS;
  const size = drawSize(chance);
  trace(() => `weather ${JSON.stringify(world.weather)}, size ${JSON.stringify(size)}`);
  const region = createRegion(world, { parts, size });
  for (let n = 0; n < 2; n += 1) region.startRelay();
  for (let n = 0; n < 2; n += 1) region.startConsumer();
  const writing = startWriting(world, region, { partitions: size.partitions, withinMs: WRITE_MS });
  startRetiring(world, region, parts.statements);
  loose(world, region, { withinMs: CALM_AT_MS });
  clock.after(CALM_AT_MS, () => endDisasters(world, region));
  await runOut(world, region, writing);
  const { database, broker, ledger } = region;
  const broken = check({ committed: database.history, logs: broker.logs, books: ledger.committed });
  for (const sentence of broken) trace(() => sentence);
  return { seed, broken, events: database.history.length };
}

const drawWeather = (chance: Chance): Weather => ({
  late: chance.one(0, 0.01, 0.05, 0.2),
  travelMs: chance.one(3, 3, 20, 60),
  cut: chance.one(0, 0, 0.003, 0.02),
  drop: chance.one(0, 0, 0.1, 0.35),
  attempts: chance.integer(1, 3),
  rollback: chance.one(0, 0.1, 0.3),
});

const drawSize = (chance: Chance): Size => ({
  partitions: chance.integer(1, 3),
  pageRows: chance.integer(1, 5),
  batchRecords: chance.integer(1, 6),
});

/** One macrotask: all that promises had to do is done by then. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Until all has arrived, or nothing more is to be hoped for. */
async function runOut(world: World, region: Region, writing: ReadonlySet<number>): Promise<void> {
  const { clock } = world;
  let until = CALM_AT_MS + ARRIVE_MS;
  let isOver = false;
  while (clock.now() <= until && clock.step()) {
    await settle();
    if (isOver || !world.calm || writing.size > 0 || !hasArrived(region)) continue;
    isOver = true;
    until = clock.now() + LINGER_MS;
  }
}

function hasArrived({ database, broker, ledger }: Region): boolean {
  const { entries, parked } = ledger.committed;
  if (entries.length + parked.length < database.history.length) return false;
  return broker.logs.every((log, partition) => broker.offset(partition) >= log.length);
}

/** A run's trace as one number: two runs that differ anywhere differ in it. SHA-256. */
export async function hashOf(seed: number, options: Pick<RunOptions, 'fault'> = {}): Promise<string> {
  const hash = createHash('sha256');
  await simulate(seed, { ...options, onLine: (line) => void hash.update(`${line}\n`) });
  return hash.digest('hex');
}
