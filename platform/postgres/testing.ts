import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import type { Schema } from './migrations.ts';

/** A database of a test file's own, provisioned as production is. Disposing drops it. */
export interface TestDatabase extends AsyncDisposable {
  readonly adminUrl: string;
  url(role: Schema): string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Administrator's URL of the cluster that the global set-up started; its database is the template. */
    templateUrl: string;
  }
}

/** Passwords of all roles in the test cluster. */
export const TEST_PASSWORD = 'test-password';

/** Clones the provisioned template into a new database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = new URL(inject('templateUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  const asAdmin = async (statement: string) => {
    const sql = postgres(urlOf(template, { database: 'postgres' }), { max: 1, onnotice: () => undefined });
    await sql.unsafe(statement).finally(() => sql.end());
  };
  await asAdmin(`create database ${name} template ${template.pathname.slice(1)}`);
  return {
    adminUrl: urlOf(template, { database: name }),
    url: (role) => urlOf(template, { database: name, role }),
    [Symbol.asyncDispose]: () => asAdmin(`drop database if exists ${name} with (force)`),
  };
}

function urlOf(base: URL, to: { database: string; role?: Schema }): string {
  const url = new URL(base);
  url.pathname = `/${to.database}`;
  if (to.role) {
    url.username = to.role;
    url.password = TEST_PASSWORD;
  }
  return url.href;
}
