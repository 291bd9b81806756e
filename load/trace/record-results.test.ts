import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TestModule, Vitest } from 'vitest/node';
import { readRecord } from './read-record.ts';
import { RECORD, type State } from './record.ts';
import RecordResults from './record-results.ts';

/** A folder with files of tests, and runs of some of them. */
async function openFolder() {
  const root = await mkdtemp(join(tmpdir(), 'trace-'));
  const run = async (modules: TestModule[], testNamePattern?: RegExp) => {
    const reporter = new RecordResults();
    reporter.onInit({ config: { root, testNamePattern } } as unknown as Vitest);
    reporter.onTestRunStart();
    await reporter.onTestRunEnd(modules);
    return (await readRecord(join(root, RECORD))).files;
  };
  const write = (path: string) => writeFile(join(root, path), '');
  return { root, run, write, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

/** What vitest tells of a file whose only group has one test. */
function ran(path: string, state: State, error?: string): TestModule {
  const group = { type: 'suite', name: 'group', parent: { type: 'module' } };
  const all = error === undefined ? [{ type: 'test', name: 'one', parent: group, result: () => ({ state }) }] : [];
  return {
    moduleId: path,
    children: { allTests: () => all },
    state: () => (error === undefined ? state : 'failed'),
    errors: () => (error === undefined ? [] : [{ message: error }]),
  } as unknown as TestModule;
}

test('D14 a run keeps what it ran, and leaves older results of other files that are still there', async () => {
  await using folder = await openFolder();
  const { root, run, write } = folder;
  await Promise.all(['a.test.ts', 'b.test.ts', 'gone.test.ts'].map(write));
  await run([
    ran(`${root}/a.test.ts`, 'passed'),
    ran(`${root}/b.test.ts`, 'failed'),
    ran(`${root}/gone.test.ts`, 'passed'),
  ]);
  await rm(join(root, 'gone.test.ts'));
  const files = await run([ran(`${root}/b.test.ts`, 'passed')]);
  const tests = [{ names: ['group', 'one'], state: 'passed' }];
  expect(files).toEqual({
    'a.test.ts': { at: expect.stringMatching(/Z$/), tests },
    'b.test.ts': { at: expect.stringMatching(/Z$/), tests },
  });
});

test('D14 a file that breaks before its tests is kept as broken', async () => {
  await using folder = await openFolder();
  const { root, run, write } = folder;
  await write('a.test.ts');
  expect(await run([ran(`${root}/a.test.ts`, 'passed', 'no such module')])).toMatchObject({
    'a.test.ts': { broken: 'no such module', tests: [] },
  });
});

test('D14 a run of some tests of a file alone is not kept', async () => {
  await using folder = await openFolder();
  const { root, run, write } = folder;
  await write('a.test.ts');
  await run([ran(`${root}/a.test.ts`, 'failed')]);
  const files = await run([ran(`${root}/a.test.ts`, 'passed')], /one/);
  expect(files['a.test.ts']?.tests[0]?.state).toBe('failed');
});

test('D14 a record that cannot be read is named', async () => {
  await using folder = await openFolder();
  await mkdir(join(folder.root, '.local'));
  await writeFile(join(folder.root, RECORD), '{');
  await expect(readRecord(join(folder.root, RECORD))).rejects.toThrow('cannot be read; delete it');
});
