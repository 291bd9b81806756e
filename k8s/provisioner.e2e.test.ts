import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { requireMigrated, SCHEMAS } from '#platform/postgres/migrations.ts';
import { provision } from '#platform/postgres/provision.ts';
import { freePort } from '../local/free-port.ts';
import { startPostgres } from '../local/postgres.ts';
import { named } from './manifest.ts';

const PASSWORD = 'test-password';
const passwords = { core: PASSWORD, settlement: PASSWORD, aggregator: PASSWORD };

it('the provisioner of k8s/production, who is no superuser, can provision a new database, and again', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'provisioner-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const port = await freePort();
  const files = { dataDir: join(folder, 'data'), logFile: join(folder, 'postgres.log') };
  const cluster = stack.use(await startPostgres({ ...files, port, password: PASSWORD, settings: ['fsync=off'] }));
  cluster.done.catch(() => undefined);
  const open = (user: string, database: string) => {
    const sql = postgres(urlOf(user, database), { max: 1, onnotice: () => undefined });
    stack.defer(() => sql.end());
    return sql;
  };
  const urlOf = (user: string, database: string) => `postgres://${user}:${PASSWORD}@127.0.0.1:${port}/${database}`;

  // As CloudNativePG does for the resource.
  const { spec } = named(await documents(), 'Cluster', 'postgres');
  const { database, owner } = spec.bootstrap.initdb;
  const [role] = spec.managed.roles;
  expect(role).toMatchObject({ name: owner, login: true, createrole: true });
  expect(role).not.toHaveProperty('superuser');
  const admin = open('postgres', 'postgres');
  await admin.unsafe(`create role ${owner} login createrole password '${PASSWORD}'`);
  await admin.unsafe(`create database ${database} owner ${owner}`);

  await provision(urlOf(owner, database), passwords);
  await provision(urlOf(owner, database), passwords);
  for (const schema of SCHEMAS) await requireMigrated(open(schema, database), schema);
});

async function documents() {
  const text = await readFile(join(import.meta.dirname, 'production/postgres.yaml'), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS());
}
