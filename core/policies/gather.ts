/** One row in, its own outcome back. */
export type Gathered<Row, Outcome> = (row: Row) => Promise<Outcome>;

interface GatherOptions<Row, Outcome> {
  /** Does rows together, at most `MOST_ROWS`, all or none; answers the outcomes in their order. */
  readonly run: (rows: readonly Row[]) => Promise<readonly Outcome[]>;
  /** Whether after this failure it is not known what became of the rows, so that none may be tried again here. */
  readonly isUnknown: (error: unknown) => boolean;
  /** Why a row must not be begun any more; undefined for one that may. Asked right before each of its runs. */
  readonly refusalOf?: (row: Row) => Error | undefined;
}

/** Rows that one run takes. */
export const MOST_ROWS = 64;
/** Runs under way. One would leave the database idle while answers are read; more make smaller runs. */
export const RUNS_AT_ONCE = 2;

interface Waiting<Row, Outcome> {
  readonly row: Row;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers rows that come while runs are under way into the next run, first come, first taken. A row that finds a place
 * free goes at once and alone: nobody waits for company. A run that fails is tried again row by row, so that a bad row
 * fails for itself; one whose outcome is unknown fails for all its rows. A row that is refused when its turn comes is not
 * run.
 */
export function gather<Row, Outcome>(options: GatherOptions<Row, Outcome>): Gathered<Row, Outcome> {
  const { run, isUnknown, refusalOf = () => undefined } = options;
  const queue: Waiting<Row, Outcome>[] = [];
  let underWay = 0;

  /** Rejects those that must not be begun any more, and answers the others. */
  const inTime = (group: readonly Waiting<Row, Outcome>[]) =>
    group.filter(({ row, reject }) => {
      const refusal = refusalOf(row);
      if (refusal) reject(refusal);
      return !refusal;
    });
  const alone = async ({ row, resolve, reject }: Waiting<Row, Outcome>) => {
    try {
      const [outcome] = await run([row]);
      resolve(outcome as Outcome);
    } catch (error) {
      reject(error);
    }
  };
  const together = async (group: readonly Waiting<Row, Outcome>[]) => {
    try {
      const outcomes = await run(group.map(({ row }) => row));
      for (const [place, { resolve }] of group.entries()) resolve(outcomes[place] as Outcome);
    } catch (error) {
      if (isUnknown(error)) for (const { reject } of group) reject(error);
      else await Promise.all(inTime(group).map(alone));
    }
  };
  const start = () => {
    while (underWay < RUNS_AT_ONCE && queue.length > 0) {
      const [first, ...others] = inTime(queue.splice(0, MOST_ROWS));
      if (!first) continue;
      underWay += 1;
      void (others.length === 0 ? alone(first) : together([first, ...others])).then(() => {
        underWay -= 1;
        start();
      });
    }
  };
  return (row) =>
    new Promise((resolve, reject) => {
      queue.push({ row, resolve, reject });
      start();
    });
}
