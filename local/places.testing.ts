import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import postgres, { type Sql } from 'postgres';
import type { DeadLetter } from '#contracts/dead-letter.ts';
import type { DemoRegion } from './read-demo.ts';
import type { RegionSecrets } from './secrets.ts';
import type { Checkout } from './start.testing.ts';

/** A place where something may lie, and all that lies there. */
export type Places = ReadonlyMap<string, string>;

/** A region with what its operator and administrator know. */
export interface Inspected {
  readonly place: Checkout;
  readonly region: DemoRegion;
  readonly operator: string;
  readonly brokers: string;
}

const client = (brokers: string) =>
  new Kafka({ brokers: [brokers], clientId: 'inspector', logLevel: logLevel.NOTHING });

/** Every record of every topic but Kafka's own: key, value and headers. */
export async function readTopics({ brokers }: Inspected): Promise<Places> {
  const admin = client(brokers).admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
  const wanted = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (Number(high) > Number(low)) wanted.set(`${topic}/${partition}`, Number(high) - 1);
    }
  }
  await admin.disconnect();
  const records = new Map(topics.map((topic) => [`topic ${topic}`, '']));
  const complete = Promise.withResolvers<void>();
  const consumer = client(brokers).consumer({ groupId: `inspector-${randomUUID()}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    async eachMessage({ topic, partition, message }) {
      const headers = Object.values(message.headers ?? {}).join('\n');
      const name = `topic ${topic}`;
      records.set(name, `${records.get(name)}${message.key}\n${message.value}\n${headers}\n`);
      if (Number(message.offset) >= (wanted.get(`${topic}/${partition}`) ?? 0)) wanted.delete(`${topic}/${partition}`);
      if (wanted.size === 0) complete.resolve();
    },
  });
  await complete.promise;
  await consumer.disconnect();
  return records;
}

/** Every file of logs. */
export async function readLogs({ place }: Inspected): Promise<Places> {
  const folder = join(place.dir, '.local/logs');
  const files = (await readdir(folder)).map(
    async (name) => [`log ${name}`, await readFile(join(folder, name), 'utf8')] as const,
  );
  return new Map(await Promise.all(files));
}

/** What each service says over HTTP: metrics, and all that an operator may ask of settlement, core and aggregator. */
export async function readAnswers({ region, operator }: Inspected, months: readonly string[]): Promise<Places> {
  const found = new Map<string, string>();
  const read = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${operator}`, ...headers } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${url} was answered ${answer.status}: ${text}`);
    found.set(
      `GET ${new URL(url).pathname}${new URL(url).search} ${Object.values(headers)} at ${new URL(url).port}`,
      text,
    );
    return text;
  };
  for (const url of [region.core, region.settlement, region.aggregator, region.edgeMetrics])
    await read(`${url}/metrics`);
  const { settlement } = region;
  const letters = JSON.parse(await read(`${settlement}/v1/dead-letters?status=all&limit=500`)) as {
    items: DeadLetter[];
  };
  for (const { id } of letters.items) await read(`${settlement}/v1/dead-letters/${id}`);
  await read(`${settlement}/v1/ledger/accounts`);
  const { insurers } = JSON.parse(await read(`${region.aggregator}/v1/insurers`)) as { insurers: { id: string }[] };
  for (const month of months) {
    await read(`${settlement}/v1/reconciliation?period=${month}`);
    for (const { id } of insurers) {
      const url = `${settlement}/v1/registers/${id}/${month}`;
      const isKnown = (await fetch(url, { headers: { authorization: `Bearer ${operator}` } })).status === 200;
      for (const accept of isKnown ? ['application/json', 'text/csv'] : []) await read(url, { accept });
    }
  }
  await read(`${region.core}/v1/outbox`);
  for (const partner of ['site', 'alfa', 'beta']) await read(`${region.core}/v1/partners/${partner}`);
  return found;
}

/** Works as the administrator of a region's database. */
export async function asAdministrator<T>({ place, region }: Inspected, work: (sql: Sql) => Promise<T>): Promise<T> {
  const { adminPassword } = await secretsOf({ place, region });
  const port = Number(new URL(region.edge).port) + 5;
  const sql = postgres(`postgres://postgres:${adminPassword}@127.0.0.1:${port}/insuretech`, {
    max: 1,
    onnotice: () => undefined,
  });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

const secretsOf = async ({ place, region }: Pick<Inspected, 'place' | 'region'>): Promise<RegionSecrets> =>
  JSON.parse(await readFile(join(place.dir, `.local/${region.name}/secrets.json`), 'utf8')) as RegionSecrets;

/** Every row of every table with all its columns, as JSON; bytes are in hex. Dead letters once more without the record that they keep. */
export function readTables(inspected: Inspected): Promise<Places> {
  return asAdministrator(inspected, async (sql) => {
    const tables = await sql<{ schema: string; name: string }[]>`
      select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^(pg_|information_schema)' order by 1, 2`;
    const found = new Map<string, string>();
    for (const { schema, name } of tables) {
      const rows = await sql<{ said: string }[]>`select to_jsonb(t)::text as said from ${sql(schema)}.${sql(name)} t`;
      found.set(`table ${schema}.${name}`, rows.map(({ said }) => said).join('\n'));
    }
    const letters = await sql<
      { said: string }[]
    >`select (to_jsonb(t) - 'raw')::text as said from settlement.dead_letters t`;
    found.set('dead letters but for their records', letters.map(({ said }) => said).join('\n'));
    const asked = await sql<{ query: string }[]>`select query from pg_stat_activity where query is not null`;
    return found.set('statements under way', asked.map(({ query }) => query).join('\n'));
  });
}

/** All keys and values that edge keeps in its store. */
export async function readStore({ place, region }: Inspected): Promise<Places> {
  const { upstashToken } = await secretsOf({ place, region });
  const port = Number(new URL(region.edge).port) + 6;
  const run = async (...command: string[]): Promise<unknown> => {
    const headers = { authorization: `Bearer ${upstashToken}` };
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: JSON.stringify(command) });
    return ((await answer.json()) as { result: unknown }).result;
  };
  const reads: Record<string, readonly string[]> = {
    string: ['GET'],
    hash: ['HGETALL'],
    set: ['SMEMBERS'],
    zset: ['ZRANGE', '0', '-1'],
    list: ['LRANGE', '0', '-1'],
  };
  const keys = (await run('KEYS', '*')) as string[];
  const said = keys.map(async (key) => {
    const [name = 'GET', ...rest] = reads[String(await run('TYPE', key))] ?? [];
    return `${key} ${JSON.stringify(await run(name, key, ...rest))}`;
  });
  return new Map([["the edge's store", (await Promise.all(said)).join('\n')]]);
}
