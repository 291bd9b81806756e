import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Member } from '../member.ts';
import type { Stand } from '../stand.ts';
import { highestEpoch } from './about-to-lose.ts';
import { runBackup } from './run-backup.ts';

/** When things happened, ms of `Date.now()`. */
export interface Restoring {
  /** The disk and what ran on it were about to go. */
  readonly lostAt: number;
  /** Both were gone. */
  readonly goneAt: number;
  readonly filesBackAt: number;
  readonly databaseUpAt: number;
  readonly servicesUpAt: number;
  /** The highest epoch of a partition before and after. */
  readonly epochs: readonly [before: number, after: number];
}

/** The region's Postgres is killed and its data folder deleted; then the runbook, step by step: k8s/RECOVERY.md. */
export async function loseAndRestore(stand: Stand, { folder }: { folder: string }): Promise<Restoring> {
  const database = stand.member('postgres');
  const dataDir = join(stand.plan.dir, 'data');
  const before = await highestEpoch(stand);
  const lostAt = Date.now();
  await database.kill();
  await rm(dataDir, { recursive: true, force: true });
  const goneAt = Date.now();
  const services = stand.members.filter(isService);
  await Promise.all([
    ...services.map((service) => service.kill()),
    runBackup(['restore', '--folder', folder, '--data', dataDir], stand.plan),
  ]);
  const filesBackAt = Date.now();
  await database.start();
  const databaseUpAt = Date.now();
  const after = await highestEpoch(stand);
  await Promise.all(services.map((service) => service.start()));
  return { lostAt, goneAt, filesBackAt, databaseUpAt, servicesUpAt: Date.now(), epochs: [before, after] };
}

const isService = ({ kind }: Member) => kind !== 'postgres' && kind !== 'kafka';
