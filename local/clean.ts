import { rm } from 'node:fs/promises';
import { runCommand } from '#platform/lifecycle/service.ts';
import { lockFolder } from './lock.ts';
import { shelterOf } from './postgres-home.ts';

// Deletes all that npm start keeps: data, keys, logs and fetched programs. Refuses while it runs.
await runCommand('clean', async () => {
  await using _ = await lockFolder();
  await rm(shelterOf(process.cwd()), { recursive: true, force: true });
  await rm('.local', { recursive: true, force: true });
  process.stdout.write('Deleted .local: the next npm start begins without data.\n');
});
