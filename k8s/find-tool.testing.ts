import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A program's path: named by its variable, fetched by k8s/tools.sh into .local/tools, or on the PATH. */
export function findTool(variable: string, fetched: string): string | undefined {
  const name = fetched.split('/').at(-1) as string;
  const named = process.env[variable];
  const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, name));
  const tools = join(import.meta.dirname, '../.local/tools', fetched);
  return [...(named ? [named] : []), tools, ...onPath].find((path) => existsSync(path));
}
