import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { readRecord } from './read-record.ts';
import { type FileRecord, RECORD, type TestRecord } from './record.ts';

const run = promisify(execFile);

/** Keeps what became of each file's tests when they ran last; what did not run keeps its older result. */
export default class RecordResults implements Reporter {
  #vitest: Vitest | undefined;
  #startedAt = '';

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunStart(): void {
    this.#startedAt = new Date().toISOString();
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const { root = '.', testNamePattern } = this.#vitest?.config ?? {};
    // Of some of a file's tests alone nothing is told of the file.
    if (testNamePattern !== undefined || modules.length === 0) return;
    const run = { at: this.#startedAt, ...(await commitOf(root)) };
    const ran = modules.map((module): [string, FileRecord] => [relative(root, module.moduleId), fileOf(module, run)]);
    const { files } = await readRecord(`${root}/${RECORD}`).catch((): TestRecord => ({ files: {} }));
    const kept = Object.entries(files).filter(([path]) => existsSync(`${root}/${path}`));
    await writeWhole(`${root}/${RECORD}`, { files: Object.fromEntries([...kept, ...ran]) });
  }
}

function fileOf(module: TestModule, run: Pick<FileRecord, 'at' | 'commit' | 'changed'>): FileRecord {
  const tests = [...module.children.allTests()].map((test) => ({ names: namesOf(test), state: test.result().state }));
  const isBroken = module.state() === 'failed' && tests.every(({ state }) => state !== 'failed');
  const [error] = module.errors();
  return { ...run, ...(isBroken && { broken: error?.message ?? 'a hook failed' }), tests };
}

/** Of the groups around it, and its own. */
function namesOf(task: TestCase | TestSuite): string[] {
  return [...(task.parent.type === 'module' ? [] : namesOf(task.parent)), task.name];
}

async function commitOf(root: string): Promise<Pick<FileRecord, 'commit' | 'changed'>> {
  const git = async (...words: string[]) => (await run('git', words, { cwd: root })).stdout.trim();
  try {
    return {
      commit: await git('rev-parse', '--short', 'HEAD'),
      ...((await git('status', '--porcelain')) !== '' && { changed: true }),
    };
  } catch {
    return {};
  }
}

/** A reader finds the old one or the new one. */
async function writeWhole(path: string, record: TestRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, `${JSON.stringify(record)}\n`);
  await rename(`${path}.${process.pid}`, path);
}
