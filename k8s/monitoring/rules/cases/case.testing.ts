import type { Case, Firing } from '../promtool.testing.ts';
import { inRegions, type Series } from './region.testing.ts';

/** A case, and of which alert it shows that it fires or that it does not. */
export interface NamedCase extends Case {
  readonly of: string;
  readonly shows: 'fires' | 'silent';
  readonly name: string;
}

/** What a change of a region does to its alerts. */
interface Shown {
  readonly at: string;
  readonly msk: Series;
  /** Labels beside the region. */
  readonly labels?: Readonly<Record<string, string>>;
  /** When another alert must fire instead. */
  readonly instead?: string;
}

/** Always there. */
const WATCHDOG: Firing = { alert: 'Watchdog', labels: {} };
const REGION = { region: 'msk' };

/** A case in which this alert fires and no other. */
export const fires = (of: string, name: string, { at, msk, labels }: Shown): NamedCase => ({
  of,
  name,
  shows: 'fires',
  at,
  step: '5s',
  series: inRegions(msk),
  fires: [{ alert: of, labels: { ...REGION, ...labels } }, WATCHDOG],
});

/** A case in which it nearly would. */
export const silent = (of: string, name: string, { at, msk, labels, instead }: Shown): NamedCase => ({
  of,
  name,
  shows: 'silent',
  at,
  step: '5s',
  series: inRegions(msk),
  fires: [WATCHDOG, ...(instead ? [{ alert: instead, labels: { ...REGION, ...labels } }] : [])],
});
