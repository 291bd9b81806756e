import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files that `COPY . .` brings into the image: those of the repository that .dockerignore leaves, as relative paths. */
export function imageFiles(root: string): string[] {
  const patterns = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ takes: line.startsWith('!'), pattern: toPattern(line.replace('!', '')) }));
  // The last pattern that a path or a folder above it matches decides.
  const isTaken = (path: string) => {
    const parts = path.split('/');
    const above = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
    return patterns.findLast(({ pattern }) => above.some((each) => pattern.test(each)))?.takes ?? true;
  };
  return walk(root, '').filter(isTaken);
}

function toPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
  return new RegExp(`^${source}$`);
}

/** Not those that .dockerignore's first line and this repository's habits keep out anyway, which are many. */
const NEVER = new Set(['node_modules', '.git', '.local', '.wrangler', '__pycache__', '.venv']);

function walk(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !NEVER.has(entry.name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? walk(root, path) : [path];
    });
}
