import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runService, type Service } from '#platform/lifecycle/service.ts';
import { answers, requireFreePorts } from './preflight.ts';

const run = promisify(execFile);

const VERSION = '4.4.0';
/** Programs are fetched once; brokers of tests share them. */
const PROGRAMS = '.local/kafka/libs';
/** Any 22 characters of base64; the broker is for one machine only. */
const CLUSTER_ID = 'SW5zdXJlVGVjaC1sb2NhbA';
const START_MS = 60_000;

/** Why Kafka cannot run here, or undefined. */
export async function missingForKafka(): Promise<string | undefined> {
  const java = await run('java', ['-version']).catch(() => undefined);
  const major = Number(/version "(\d+)/.exec(java?.stderr ?? '')?.[1]);
  if (!java)
    return 'Kafka needs Java 17 or newer, and there is no "java" here: install a JRE 17 (Debian: openjdk-17-jre-headless)';
  if (major < 17) return `Kafka needs Java 17 or newer, and "java" here is ${major}`;
  if (await fetched()) return undefined;
  const maven = await run('mvn', ['-version']).catch(() => undefined);
  return maven ? undefined : 'Kafka is fetched by Maven, and there is no "mvn" here: install Maven (Debian: maven)';
}

const fetched = () =>
  stat(PROGRAMS).then(
    () => true,
    () => false,
  );

/** Fetches the broker from Maven Central, once: 45 jars, about 43 MB. */
async function fetchPrograms(): Promise<void> {
  if (await fetched()) return;
  const dependency = (group: string, artifact: string, version: string) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  const folder = `${PROGRAMS}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  const pom = `<project><modelVersion>4.0.0</modelVersion><groupId>insuretech</groupId><artifactId>kafka</artifactId><version>1</version>
<dependencies>${dependency('org.apache.kafka', 'kafka_2.13', VERSION)}${dependency('org.slf4j', 'slf4j-simple', '1.7.36')}</dependencies></project>`;
  await writeFile(join(folder, 'pom.xml'), pom);
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const args = [
    '-q',
    '-B',
    '-f',
    join(folder, 'pom.xml'),
    goal,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${resolve(folder)}`,
  ];
  await run('mvn', args).catch(async (error: { stdout?: string }) => {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`Maven could not fetch Kafka ${VERSION}: ${error.stdout?.split('\n')[0] ?? error}`);
  });
  await rename(folder, PROGRAMS).catch(() => rm(folder, { recursive: true, force: true }));
}

export interface KafkaOptions {
  /** Data and logs; kept. */
  readonly dir: string;
  /** The controller takes the port after it. */
  readonly port: number;
  /** A second door two ports on, for clients that come through a proxy: they are told this port. */
  readonly proxyPort?: number;
}

/** What a broker takes, from its port: itself, its controller, and the door for those who come through a proxy. */
export const KAFKA_PORTS = [0, 1, 2];

/** Starts a Kafka 4 broker (KRaft, no replication) on 127.0.0.1. Rejects with a sentence when Java or Maven is missing. */
export async function startKafka(options: KafkaOptions): Promise<Service & { pid: number }> {
  const missing = await missingForKafka();
  if (missing) throw new Error(missing);
  await fetchPrograms();
  await mkdir(join(options.dir, 'data'), { recursive: true });
  const config = join(options.dir, 'server.properties');
  await writeFile(config, properties(options));
  const java = (flags: string[], main: string[]) => [...flags, '-cp', `${resolve(PROGRAMS)}/*`, ...main];
  if ((await readdir(join(options.dir, 'data'))).length === 0) {
    await run('java', java([], ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', config]));
  }
  const logFile = join(options.dir, 'kafka.log');
  const log = await open(logFile, 'a');
  const flags = ['-Xms128m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const child = spawn('java', java(flags, ['kafka.Kafka', config]), {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const exited = once(child, 'exit');
  await listening(child, { port: options.port, logFile });
  let stopping = false;
  const done = exited.then(([code]) => {
    if (!stopping) throw new Error(`Kafka ended with code ${code}: see ${logFile}`);
  });
  done.catch(() => undefined);
  return {
    pid: child.pid as number,
    done,
    async [Symbol.asyncDispose]() {
      stopping = true;
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function listening(child: ChildProcess, { port, logFile }: { port: number; logFile: string }): Promise<void> {
  const until = performance.now() + START_MS;
  while (child.exitCode === null && child.signalCode === null && performance.now() < until) {
    if (await answers(port)) return;
    await timer(50);
  }
  child.kill('SIGKILL');
  const said = (await readFile(logFile, 'utf8')).split('\n').findLast((line) => /ERROR|FATAL|Exception/.test(line));
  throw new Error(`Kafka does not start on port ${port}; it says: ${said ?? `nothing (see ${logFile})`}`);
}

/** One broker that is its own controller; the sizes of a laptop, and quick to return after a kill. */
function properties({ dir, port, proxyPort }: KafkaOptions): string {
  const proxied = (at: number) => (proxyPort === undefined ? '' : `,PROXIED://127.0.0.1:${at}`);
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${port + 1}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 1}${proxied(port + 2)}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}${proxied(proxyPort ?? 0)}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${resolve(dir, 'data')}
auto.create.topics.enable=false
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=250
`;
}

if (import.meta.main) {
  const port = 9092;
  await runService('Kafka', async () => {
    await requireFreePorts([
      { port, what: 'Kafka' },
      { port: port + 1, what: "Kafka's controller" },
    ]);
    process.stdout.write(`Starting Kafka ${VERSION} ...\n`);
    const kafka = await startKafka({ dir: '.local/kafka', port });
    process.stdout.write(
      `Kafka ${VERSION} is ready on 127.0.0.1:${port}. Ctrl-C stops it; .local/kafka keeps its data.\n`,
    );
    process.stdout.write(`Now, in another terminal: npm start -- --kafka 127.0.0.1:${port}\n`);
    return kafka;
  });
}
