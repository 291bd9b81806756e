import type { WrittenName } from './read-names.ts';
import type { FileRecord, TestRecord } from './record.ts';
import type { Requirement } from './requirements.ts';

/** A file and what it names. */
export interface Source {
  readonly path: string;
  /** Its suites run in other files. */
  readonly isShared: boolean;
  readonly names: readonly WrittenName[];
}

/** A test of a requirement and how it ended last. */
export interface TracedTest {
  readonly path: string;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'not run';
  /** Of the file's last run, if there was one. */
  readonly run?: FileRecord;
}

/** A requirement and all its tests. */
export interface Traced {
  readonly requirement: Requirement;
  readonly tests: readonly TracedTest[];
}

export interface Trace {
  readonly rows: readonly Traced[];
  /** Names that begin with a number which no requirement has. */
  readonly strange: readonly string[];
}

/** Brings requirements, the tests that name them, and their last results together. */
export function trace(
  requirements: readonly Requirement[],
  { sources, record }: { sources: readonly Source[]; record: TestRecord },
): Trace {
  const tests = [...sources.flatMap((source) => writtenOf(source, record)), ...ranOf(sources, record)];
  const known = new Set(requirements.map(({ number }) => number));
  return {
    rows: requirements.map((requirement) => ({
      requirement,
      tests: tests.filter(({ numbers }) => numbers.has(requirement.number)).map(({ test }) => test),
    })),
    strange: sources.flatMap(({ path, names }) =>
      names.flatMap(({ text, line, own }) => {
        const strange = own.filter((number) => !known.has(number));
        return strange.map((number) => `${path}:${line} "${text}" begins with ${number}`);
      }),
    ),
  };
}

interface Numbered {
  readonly numbers: ReadonlySet<string>;
  readonly test: TracedTest;
}

/** Tests that ran, under all numbers that they and their groups were written with. */
function ranOf(sources: readonly Source[], { files }: TestRecord): Numbered[] {
  const shared = sources.filter(({ isShared }) => isShared).flatMap(({ names }) => names);
  return sources
    .filter(({ isShared }) => !isShared)
    .flatMap(({ path, names }) => {
      const run = files[path];
      const written = [...names, ...shared];
      return (run?.tests ?? []).flatMap(({ names: said, state }): Numbered[] => {
        if (!run || !isOf(said, written)) return [];
        const numbers = said.flatMap((each) => written.filter((name) => name.pattern.test(each)).flatMap(numbersBy));
        const ended =
          run.broken !== undefined ? 'failed' : state === 'passed' || state === 'failed' ? state : 'not run';
        return [{ numbers: new Set(numbers), test: { path, name: said.join(' > '), state: ended, run } }];
      });
    });
}

const numbersBy = ({ own }: WrittenName) => own;

/** Whether the source still has a test of this name: a result of one that is gone says nothing. */
const isOf = (said: readonly string[], written: readonly WrittenName[]) =>
  written.some(({ isGroup, pattern }) => !isGroup && pattern.test(said.at(-1) ?? ''));

/** Tests that are written and of which no run is on record; of a file that broke, they failed. */
function writtenOf({ path, isShared, names }: Source, { files }: TestRecord): Numbered[] {
  const run = files[path];
  const looked = isShared ? Object.values(files) : run ? [run] : [];
  const said = looked.flatMap(({ tests }) => tests.map((test) => test.names.at(-1) ?? ''));
  const rest = run?.broken === undefined ? { state: 'not run' as const } : { state: 'failed' as const, run };
  return names
    .filter(({ isGroup, pattern }) => !isGroup && !said.some((each) => pattern.test(each)))
    .map(({ numbers, text }) => ({ numbers: new Set(numbers), test: { path, name: text, ...rest } }));
}
