import type { Thresholds } from './probing.ts';

/** Whether an address is in the answers, by its probes. */
export interface ProbeState {
  isUp(): boolean;
  /** One more probe. */
  tell(isGood: boolean): void;
}

/**
 * What gdnsd 3.8 makes of an address's probes (gdnsd.config(5), "up_thresh"; there `gdnsd_mon_state_updater`). The first
 * probe decides how it begins.
 *
 * | state | a good probe                                                    | a bad probe                              |
 * | ----- | --------------------------------------------------------------- | ---------------------------------------- |
 * | up    | after a bad one counts; `ok` in a row: no bad one counts now    | counts; `down` of them: down             |
 * | down  | counts; `up` in a row: up                                       | no good one counts any more              |
 */
export function createProbeState({ up, ok, down }: Thresholds, isFirstGood: boolean): ProbeState {
  let isUp = isFirstGood;
  let [good, bad] = [0, 0];
  const turn = (to: boolean) => {
    isUp = to;
    [good, bad] = [0, 0];
  };
  const whenUp = (isGood: boolean) => {
    if (!isGood) {
      good = 0;
      bad += 1;
      if (bad === down) turn(false);
    } else if (bad > 0) {
      good += 1;
      if (good === ok) turn(true);
    }
  };
  const whenDown = (isGood: boolean) => {
    good = isGood ? good + 1 : 0;
    if (good === up) turn(true);
  };
  return { isUp: () => isUp, tell: (isGood) => (isUp ? whenUp : whenDown)(isGood) };
}
