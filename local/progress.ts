/** Shows what `say` says as long as it is not disposed of. */
export type Progress = (say: () => string) => Disposable;

interface Screen {
  /** A terminal: one line, in place; else a line each time. */
  readonly inPlace: boolean;
  readonly write: (text: string) => void;
  /** Calls `tick` until the answer is called. */
  readonly every: (ms: number, tick: () => void) => () => void;
}

const IN_PLACE_MS = 1_000;
const LINES_MS = 2_000;
const CLEAR = '\r\u001b[K';

/** Progress on a screen: nothing of what takes under a second. */
export function createProgress({ inPlace, write, every }: Screen): Progress {
  return (say) => {
    let shown = false;
    const stop = every(inPlace ? IN_PLACE_MS : LINES_MS, () => {
      shown = true;
      write(inPlace ? `${CLEAR}${say()}` : `${say()}\n`);
    });
    return {
      [Symbol.dispose]() {
        stop();
        if (inPlace && shown) write(CLEAR);
      },
    };
  };
}
