import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { archiveSettings } from '../../../local/backup/backup-folder.ts';
import { median } from '../../bench/median.ts';
import { seeded } from '../../bench/seeded.ts';
import { type Buyer, openBuyer } from '../buyer.ts';
import type { DrillContext, Line, Outcome } from '../drill.ts';
import { sellOpenly } from '../sell-openly.ts';
import { type Stand, startStand } from '../stand.ts';
import { justArchived, takeOver } from './about-to-lose.ts';
import { collectAftermath } from './collect-aftermath.ts';
import { findLosses } from './find-losses.ts';
import { type Judgement, judge } from './judge.ts';
import { loseAndRestore, type Restoring } from './lose-and-restore.ts';
import { type Heard, type Measured, measure } from './measure.ts';
import { runBackup } from './run-backup.ts';
import { settleAll } from './settle-all.ts';

export interface RecoveryOptions {
  /** Disks lost, one after the other. */
  readonly losses: number;
  readonly seed: number;
  readonly kafka: boolean;
  /** How often Postgres archives what it has; a disk is lost at any moment of such a while. */
  readonly archiveSeconds: number;
  /** How long sales go on once a region is back. */
  readonly afterSeconds: number;
  /** Goals. */
  readonly outageBelowSeconds: number;
  readonly lossBelowSeconds: number;
}

const PER_SECOND = 20;
/** A takeover is among what is lost, and at least the sales of so long that were told under its epoch, ms. */
const SOLD_BY_THE_NEW_RELAY_MS = 1_000;

/**
 * A region's disk is lost under load, and the region put back from a base backup and the archived log, again and again. All
 * is then as it was for what survived; what did not is named, and in the ledger as far as Kafka had it; and nothing given
 * out before is given out again.
 */
export async function recovery(ctx: DrillContext, options: RecoveryOptions): Promise<Outcome> {
  const { kafka, seed, archiveSeconds } = options;
  await using stand = await startStand({ kafka, postgresSettings: (dir) => prepareBackup(dir, archiveSeconds) });
  ctx.say(await runBackup(['take', '--folder', folderOf(stand.dir)], stand.plan));
  const heard: Heard[] = [];
  const hear = (acknowledged: Omit<Heard, 'at'>) => heard.push({ ...acknowledged, at: Date.now() });
  const buyer = forgiving(await openBuyer(stand, { seed, signal: ctx.signal, hear }));
  const restorings = await loseDisks(ctx, options, { stand, buyer });
  await stand.raise();
  await settleAll(stand);
  const after = await collectAftermath(stand, await buyer.books());
  const losses = new Set(findLosses(heard, after.evidence.policies));
  const measured = restorings.map((restoring, index) => {
    const since = restorings[index - 1]?.databaseUpAt ?? 0;
    const own = heard.filter(({ at }) => at > since);
    return measure(own, { losses, restoring });
  });
  const judgement = judge(after);
  const refused = buyer.refusedOf(new Set([...losses].map(({ key }) => key)));
  return {
    lines: linesOf({ restorings, measured, judgement, policies: after.evidence.policies.length }),
    faults: [...judgement.faults, ...refused, ...late(measured, options)],
  };
}

const folderOf = (dir: string) => join(dir, 'backup');

async function prepareBackup(dir: string, everySeconds: number): Promise<string[]> {
  const folder = folderOf(dir);
  await runBackup(['prepare', '--folder', folder, '--every', String(everySeconds)], { adminUrl: '' });
  return archiveSettings(folder, { everySeconds });
}

interface Trading {
  readonly stand: Stand;
  readonly buyer: Buyer;
}

async function loseDisks(
  ctx: DrillContext,
  { losses, seed, archiveSeconds, afterSeconds }: RecoveryOptions,
  trading: Trading,
): Promise<Restoring[]> {
  const random = seeded(seed + 1);
  const restorings: Restoring[] = [];
  for (let disk = 1; disk <= losses; disk += 1) {
    // Offers live a quarter of an hour.
    await trading.buyer.stockUp();
    const seconds = archiveSeconds * random();
    restorings.push(await loseOnce(ctx, { ...trading, seconds, afterSeconds }));
    ctx.say(`disk ${disk} of ${losses}: lost ${seconds.toFixed(0)} s or more after the log was archived, and put back`);
  }
  return restorings;
}

interface Losing extends Trading {
  /** From when the log was archived last to the loss. */
  readonly seconds: number;
  readonly afterSeconds: number;
}

async function loseOnce(ctx: DrillContext, losing: Losing): Promise<Restoring> {
  const { stand, buyer, seconds, afterSeconds } = losing;
  const { signal } = ctx;
  const over = new AbortController();
  const selling = sellUntil(buyer, { until: over.signal, signal });
  const lose = async () => {
    await justArchived(stand, signal);
    const archivedAt = performance.now();
    await takeOver(stand, signal);
    const left = seconds * 1_000 - (performance.now() - archivedAt);
    await timer(Math.max(SOLD_BY_THE_NEW_RELAY_MS, left), undefined, { signal });
    const restoring = await loseAndRestore(stand, { folder: folderOf(stand.dir) });
    await timer(afterSeconds * 1_000, undefined, { signal });
    return restoring;
  };
  const [restoring] = await Promise.all([lose().finally(() => over.abort()), selling]);
  return restoring;
}

/** Sells second by second, whatever the answers take, until it is told to stop; resolves when all are acknowledged. */
async function sellUntil(buyer: Buyer, { until, signal }: { until: AbortSignal; signal: AbortSignal }): Promise<void> {
  const sales: Promise<void>[] = [];
  while (!until.aborted) {
    sales.push(sellOpenly(buyer, { policies: PER_SECOND, perSecond: PER_SECOND, signal }));
    sales.at(-1)?.catch(() => undefined);
    await timer(1_000, undefined, { signal });
  }
  await Promise.all(sales);
}

/** A buyer who takes it that a policy which is lost cannot be cancelled. */
function forgiving(buyer: Buyer) {
  const refused = new Map<string, string>();
  return {
    ...buyer,
    carryOut: (intent: Parameters<Buyer['carryOut']>[0]) =>
      buyer.carryOut(intent).catch((error: Error) => {
        if (!/ was answered 404: /.test(error.message)) throw error;
        refused.set(intent.key, error.message);
      }),
    /** Refusals of what was not lost. */
    refusedOf: (lost: ReadonlySet<string>) => [...refused].filter(([key]) => !lost.has(key)).map(([, said]) => said),
  };
}

function late(measured: readonly Measured[], { outageBelowSeconds, lossBelowSeconds }: RecoveryOptions): string[] {
  return measured.flatMap(({ outage, loss }, index) => [
    ...(outage > outageBelowSeconds ? [`disk ${index + 1}: the outage took ${outage} s`] : []),
    ...(loss > lossBelowSeconds ? [`disk ${index + 1}: acknowledgements of ${loss} s are lost`] : []),
  ]);
}

interface Told {
  readonly restorings: readonly Restoring[];
  readonly measured: readonly Measured[];
  readonly judgement: Judgement;
  readonly policies: number;
}

function linesOf({ restorings, measured, judgement, policies }: Told): Line[] {
  const step = (from: keyof Restoring, to: keyof Restoring) =>
    spread(restorings.map((one) => (Number(one[to]) - Number(one[from])) / 1_000));
  return [
    ['disks lost', restorings.length],
    ['from the loss to the first new sale, s: median (most)', spread(measured.map(({ outage }) => outage))],
    [
      'of it: files put back; Postgres recovered; services ready, s',
      [step('goneAt', 'filesBackAt'), step('filesBackAt', 'databaseUpAt'), step('databaseUpAt', 'servicesUpAt')].join(
        '; ',
      ),
    ],
    ['acknowledgements lost go back, s: median (most)', spread(measured.map(({ loss }) => loss))],
    ['acknowledgements lost, disk by disk', measured.map(({ lost }) => lost).join(', ')],
    [
      'of all that are lost: in the ledger; in nobody’s books',
      `${judgement.inLedger}; ${judgement.lost - judgement.inLedger}`,
    ],
    ['events that only topic and ledger have, all named', judgement.orphans],
    ['lost cancellations made again, parked', judgement.madeAgain],
    [
      'highest epoch before the loss and put back, disk by disk',
      restorings.map(({ epochs }) => epochs.join(' > ')).join(', '),
    ],
    ['policies that core has', policies],
    ['faults', judgement.faults.length],
  ];
}

const spread = (seconds: readonly number[]) => `${median(seconds).toFixed(2)} (${Math.max(...seconds).toFixed(2)})`;
