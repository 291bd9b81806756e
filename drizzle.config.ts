import { defineConfig } from 'drizzle-kit';

// One configuration for all: SCHEMA names the service whose tables are compared (npm run migrations).
const schema = process.env['SCHEMA'];
if (!schema || !['core', 'settlement', 'aggregator'].includes(schema)) {
  throw new Error('SCHEMA must be core, settlement or aggregator: npm run migrations sets it');
}

export default defineConfig({
  dialect: 'postgresql',
  schema: `./${schema}/**/table.ts`,
  out: `./${schema}/migrations`,
  schemaFilter: [schema],
  migrations: { schema, table: 'migrations' },
});
