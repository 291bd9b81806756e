import { rm } from 'node:fs/promises';
import { lockFolder } from './lock.ts';
import { shelterOf } from './postgres-home.ts';

// Deletes all that npm start keeps: data, keys, logs and fetched programs. Refuses while it runs.
try {
  const lock = await lockFolder();
  await rm(shelterOf(process.cwd()), { recursive: true, force: true });
  await rm('.local', { recursive: true, force: true });
  await lock[Symbol.asyncDispose]();
  process.stdout.write('Deleted .local: the next npm start begins without data.\n');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
