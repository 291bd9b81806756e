import { defineConfig } from 'vitest/config';

// Three rooms, one after the other: `unit` needs nothing, `database` a Postgres of its own, `e2e` starts whole processes.
const database = ['**/*.db.test.ts'];
const e2e = ['**/*.e2e.test.ts'];
const exclude = ['**/node_modules/**', '.local/**'];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['**/*.test.ts'],
          exclude: [...exclude, ...database, ...e2e],
        },
      },
      {
        extends: true,
        test: {
          name: 'database',
          sequence: { groupOrder: 1 },
          include: database,
          exclude,
          globalSetup: 'local/test-cluster.ts',
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: e2e,
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
