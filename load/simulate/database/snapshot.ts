/** A `pg_snapshot`: transactions below `xmin` are over, those from `xmax` on are not yet, of those between `xip` is under way. */
export interface Snapshot {
  readonly xmin: number;
  readonly xmax: number;
  readonly xip: ReadonlySet<number>;
}

/** In Postgres' text, `xmin:xmax:xip,...`, as cursors carry it. */
export const toText = ({ xmin, xmax, xip }: Snapshot): string => `${xmin}:${xmax}:${[...xip].join(',')}`;

export function fromText(text: string): Snapshot {
  const [xmin, xmax, xip] = text.split(':');
  return { xmin: Number(xmin), xmax: Number(xmax), xip: new Set(xip ? xip.split(',').map(Number) : []) };
}

/** As `pg_visible_in_snapshot`: it goes by the numbers alone. */
export const sees = ({ xmax, xip }: Snapshot, xid: number): boolean => xid < xmax && !xip.has(xid);
