/** Milliseconds since 1970, to the microsecond. */
export type Clock = () => number;

/** What the machine's steady clock must be told to say the time; one for all processes of a run, so that their times compare. */
export const readOffset = (): number => Date.now() - steadyMs();

/** A clock that never steps, the same in every process that is given the same offset. */
export const clockOf =
  (offsetMs: number): Clock =>
  () =>
    offsetMs + steadyMs();

const steadyMs = () => Number(process.hrtime.bigint()) / 1_000_000;
