import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

// Rooms, one after the other: `unit` needs nothing, `database` a Postgres of its own, `e2e` starts whole processes, and
// `workerd` runs inside Cloudflare's runtime.
const database = ['**/*.db.test.ts'];
const e2e = ['**/*.e2e.test.ts'];
const workerd = ['**/*.workerd.test.ts'];
const exclude = ['**/node_modules/**', '.local/**'];

export default defineConfig({
  test: {
    reporters: ['default', './load/trace/record-results.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['**/*.test.ts'],
          exclude: [...exclude, ...database, ...e2e, ...workerd],
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
      ...(isAsked('workerd') ? [await workerdProject()] : []),
    ],
  },
});

/** Whether a project runs: all do, unless some are asked for by name. */
function isAsked(name: string): boolean {
  const asked = process.argv.flatMap((arg, at, args) =>
    arg === '--project' ? [args[at + 1]] : arg.startsWith('--project=') ? [arg.slice('--project='.length)] : [],
  );
  return asked.length === 0 || asked.includes(name);
}

/** Its plugin takes longer to load than most tests to run: nobody else waits for it. */
async function workerdProject(): Promise<TestProjectInlineConfiguration> {
  const { cloudflareTest } = await import('@cloudflare/vitest-plugin');
  return {
    extends: true,
    plugins: [
      cloudflareTest(({ inject }) => ({
        wrangler: { configPath: 'edge/wrangler.jsonc', environment: 'msk' },
        miniflare: { bindings: inject('workerEnv') },
      })),
    ],
    test: {
      name: 'workerd',
      sequence: { groupOrder: 3 },
      include: workerd,
      exclude,
      globalSetup: 'edge/conformance/reference.testing.ts',
      hookTimeout: 60_000,
    },
  };
}
