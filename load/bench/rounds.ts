/** Of each measurement, unless `--rounds` says otherwise: the median of so many is told. */
export const ROUNDS = 5;
