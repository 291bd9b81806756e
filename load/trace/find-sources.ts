import { glob, readFile } from 'node:fs/promises';
import { readNames } from './read-names.ts';
import type { Source } from './trace.ts';

/** A suite that several test files run stands in one of these. */
const SHARED = ['**/*.conformance.ts', '**/*.testing.ts'];
const OUTSIDE = ['node_modules', '.local', '.git', '.wrangler'];

/** Every file below `root` that names tests. */
export async function findSources(root: string): Promise<Source[]> {
  const paths: string[] = [];
  for await (const path of glob(['**/*.test.ts', ...SHARED], {
    cwd: root,
    exclude: (name) => OUTSIDE.includes(name.split('/').at(-1) ?? ''),
  }))
    paths.push(path);
  const sources = await Promise.all(
    paths.sort().map(async (path) => ({
      path,
      isShared: !path.endsWith('.test.ts'),
      names: readNames(await readFile(`${root}/${path}`, 'utf8')),
    })),
  );
  return sources.filter(({ names }) => names.length > 0);
}
