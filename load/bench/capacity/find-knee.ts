interface Search {
  /** The first rate that is tried. */
  readonly from: number;
  /** By how much the next is higher, or lower when the first does not hold: 2 doubles it. */
  readonly factor: number;
  /** When the least that breaks is no more than so many times the most that holds, the search is over. */
  readonly within: number;
}

/** Below this there is no knee: nothing holds. */
const LEAST_RATE = 1;

/**
 * The highest rate that holds: up by a factor until one breaks, or down until one holds, then halves between the two. Throws
 * when nothing holds. `holds` is asked for each rate once.
 */
export async function findKnee(
  holds: (rate: number) => Promise<boolean>,
  { from, factor, within }: Search,
): Promise<number> {
  let held: number | undefined;
  let broken: number | undefined;
  for (let rate = Math.round(from); held === undefined || broken === undefined; ) {
    if (rate < LEAST_RATE) throw new Error('Not even a request a second is answered in time');
    if (await holds(rate)) held = rate;
    else broken = rate;
    rate = broken === undefined ? Math.ceil(rate * factor) : Math.floor(rate / factor);
  }
  while (broken / held > within) {
    const rate = Math.round(Math.sqrt(held * broken));
    if (rate === held || rate === broken) break;
    if (await holds(rate)) held = rate;
    else broken = rate;
  }
  return held;
}
