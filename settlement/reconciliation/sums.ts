import type { DayClosed } from '#contracts/events.ts';

/** What operations of one kind came to, kopecks, none below zero: `premiumMinor` of cancellations is refunds. */
export interface OperationSums {
  readonly count: number;
  readonly premiumMinor: number;
  readonly commissionMinor: number;
}

/** Of one insurer on one day. */
export interface DaySums {
  readonly issued: OperationSums;
  readonly cancelled: OperationSums;
}

/** By day, then by insurer. */
export type SumsByDay = ReadonlyMap<string, ReadonlyMap<string, DaySums>>;

const NONE: OperationSums = { count: 0, premiumMinor: 0, commissionMinor: 0 };
export const NO_SUMS: DaySums = { issued: NONE, cancelled: NONE };

type Told = DayClosed['insurers'][number];

/** What core told of an insurer's day. */
export const toldSums = ({ issued, cancelled }: Told): DaySums => ({
  issued: inMinor(issued),
  cancelled: inMinor(cancelled),
});

const inMinor = ({ count, premium, commission }: Told['issued']): OperationSums => ({
  count,
  premiumMinor: premium.amountMinor,
  commissionMinor: commission.amountMinor,
});

export const isSame = (a: DaySums, b: DaySums): boolean =>
  (['issued', 'cancelled'] as const).every((kind) =>
    (['count', 'premiumMinor', 'commissionMinor'] as const).every((name) => a[kind][name] === b[kind][name]),
  );
