import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { pino } from 'pino';
import type { Sql } from 'postgres';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPostgres, type Postgres } from './open-postgres.ts';
import { openSession } from './open-session.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

/** Stands between a pool and the server, and can cut: by RST, as a machine that is gone does, or by FIN. */
async function proxyTo(url: string) {
  const { hostname, port } = new URL(url);
  const clients = new Set<Socket>();
  const upstreams = new Set<Socket>();
  const sockets: Socket[] = [];
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    clients.add(client);
    upstreams.add(upstream);
    sockets.push(client, upstream);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address() as { port: number };
  return {
    url: url.replace(`${hostname}:${port}`, `127.0.0.1:${address.port}`),
    cut(how: 'RST' | 'FIN') {
      for (const client of clients) how === 'RST' ? client.resetAndDestroy() : client.destroy();
      clients.clear();
    },
    /** Those that are open stay so, and nothing comes through any more; new ones do their work. */
    silence() {
      for (const socket of [...clients, ...upstreams]) socket.unpipe().pause();
      clients.clear();
      upstreams.clear();
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

let database: TestDatabase;
let proxy: Awaited<ReturnType<typeof proxyTo>>;
let postgres: Postgres;
let sql: Sql;
beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await proxyTo(database.url('core'));
  postgres = openPostgres({ url: proxy.url, name: 'test', log: pino({ level: 'silent' }), max: 1 });
  sql = postgres.sql;
  await sql`select 1`;
});
afterEach(async () => {
  await postgres[Symbol.asyncDispose]();
  proxy.close();
  await database[Symbol.asyncDispose]();
});

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    () => 'refused',
  );

describe.each(['RST', 'FIN'] as const)('R1 a connection that is cut by %s', (how) => {
  test('refuses the query under way, and every one sent behind it, at once or when the first is refused', async () => {
    const behind: Promise<string>[] = [];
    const first = sql`select pg_sleep(60)`.then(
      () => 'done',
      () => {
        // In the same turn of the loop: between what a socket tells of its error and of its close.
        behind.push(outcome(sql`select 1`), outcome(sql`select 2`));
        return 'refused';
      },
    );
    const piped = outcome(sql`select 3`);
    await sqlIsAsked(database);
    proxy.cut(how);
    expect(await first).toBe('refused');
    // Either it went down with the connection, or it was taken by the next: it is never left waiting.
    for (const answer of [piped, ...behind]) expect(['done', 'refused']).toContain(await answer);
  });

  test('leaves the pool whole: what comes next gets its own answers, many times over', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const cut = outcome(sql`select pg_sleep(60)`).then(() => outcome(sql`select 'of the lost'`));
      await sqlIsAsked(database);
      proxy.cut(how);
      await cut;
      const answers = await Promise.all([1, 2, 3, 4].map((number) => sql`select ${number}::int as number`));
      expect(answers.map(([row]) => row?.['number'])).toEqual([1, 2, 3, 4]);
    }
  });

  test('lets a session go that asks for more as it is cut: it says that it is lost, and disposing does not wait for ever', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const session = openSession(sql);
      await session.sql`select 1`;
      const gone = outcome(session.sql`select pg_sleep(60)`).then(async () => {
        await session[Symbol.asyncDispose]();
        return session.lost.aborted;
      });
      await sqlIsAsked(database);
      proxy.cut(how);
      expect(await gone).toBe(true);
    }
  });

  test('ends a transaction with an error, and neither the process nor the pool with it', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const cut = postgres.db.transaction(async (tx) => {
        await tx.execute('select pg_sleep(60)');
      });
      const answer = outcome(cut);
      await sqlIsAsked(database);
      proxy.cut(how);
      expect(await answer).toBe('refused');
      expect(await outcome(postgres.db.transaction(async (tx) => tx.execute('select 1')))).toBe('done');
    }
  });
});

describe.each(['RST', 'FIN'] as const)('R1 a connection that is cut by %s while a transaction asks nothing', (how) => {
  test('ends it with an error; what it asks afterwards is refused, and neither the process nor the pool is spoiled', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const ended = Promise.withResolvers<void>();
      const late = Promise.withResolvers<string>();
      const cut = postgres.db.transaction(async (tx) => {
        await tx.execute('select 1');
        proxy.cut(how);
        await ended.promise;
        const answer = Promise.resolve().then(() => tx.execute('select 2'));
        late.resolve(await outcome(answer));
      });
      expect(await outcome(cut)).toBe('refused');
      ended.resolve();
      expect(await late.promise).toBe('refused');
      expect(await outcome(postgres.db.transaction(async (tx) => tx.execute('select 1')))).toBe('done');
    }
  });
});

test('R1 a connection that falls silent is given up 2 s after the timeout of its statements, and the pool goes on', async () => {
  await sql.unsafe('set statement_timeout = 100');
  proxy.silence();
  const lost = [outcome(sql`select 1`), outcome(sql`select 2`)];
  expect(await Promise.all(lost)).toContain('refused');
  expect(await outcome(postgres.db.transaction(async (tx) => tx.execute('select 1')))).toBe('done');
});

test('R1 a session whose connection falls silent says that it is lost', async () => {
  const session = openSession(sql, { statement_timeout: '100' });
  await session.sql`select 1`;
  proxy.silence();
  expect(await outcome(session.sql`select 1`)).toBe('refused');
  expect(session.lost.aborted).toBe(true);
  await session[Symbol.asyncDispose]();
});

test('R1 a connection that falls silent in a transaction ends it with an error', async () => {
  const cut = postgres.db.transaction(async (tx) => {
    await tx.execute('set local statement_timeout = 100');
    proxy.silence();
    await tx.execute('select 1');
  });
  expect(await outcome(cut)).toBe('refused');
});

test('R1 a connection that is lost as it asks for types, and refused when it is made again, fails its query and not the process', async () => {
  const { hostname, port } = new URL(database.url('core'));
  const listen = (server: Server, at: number) => once(server.listen(at, '127.0.0.1'), 'listening');
  const gate = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    client.on('data', (bytes) => {
      if (!bytes.includes('typarray')) return upstream.write(bytes);
      gate.close();
      return client.destroy();
    });
    upstream.pipe(client);
  });
  await listen(gate, 0);
  const at = (gate.address() as { port: number }).port;
  await using own = openPostgres({
    url: database.url('core').replace(`${hostname}:${port}`, `127.0.0.1:${at}`),
    name: 'test',
    log: pino({ level: 'silent' }),
    max: 1,
  });
  // A rejection that nobody handles fails the run.
  expect(await outcome(own.sql`select 1`)).toBe('refused');
  const open = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
  });
  await listen(open, at);
  const [row] = await own.sql`select ${[1, 2]}::int[] as back`;
  expect(row).toEqual({ back: [1, 2] });
  expect(await own.db.transaction((tx) => tx.execute('select 1 as one'))).toMatchObject([{ one: 1 }]);
  open.close();
});

/** Resolves when the server is at work on a query that sleeps. */
async function sqlIsAsked({ adminUrl }: TestDatabase): Promise<void> {
  await using admin = openPostgres({ url: adminUrl, name: 'watch', log: pino({ level: 'silent' }), max: 1 });
  for (;;) {
    const [row] = await admin.sql`select count(*)::int as asked from pg_stat_activity
      where datname = current_database() and wait_event = 'PgSleep'`;
    if (row?.['asked'] > 0) return;
  }
}
