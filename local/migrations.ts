import { spawnSync } from 'node:child_process';
import { SCHEMAS } from '#platform/postgres/migrations.ts';

// Writes the next migration of each service whose table.ts changed: npm run migrations -- --name what_changes.
for (const schema of SCHEMAS) {
  const { status } = spawnSync('drizzle-kit', ['generate', ...process.argv.slice(2)], {
    env: { ...process.env, SCHEMA: schema },
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
