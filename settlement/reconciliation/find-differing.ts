import { type DaySums, isSame, NO_SUMS, type SumsByDay, toldSums } from './sums.ts';
import type { ToldDay } from './told-days.ts';

/** A day of an insurer of which core, ledger and register do not say the same. */
export interface DifferingDay {
  readonly day: string;
  readonly insurer: string;
  readonly core: DaySums;
  readonly ledger: DaySums;
  readonly register: DaySums;
  /** Core's sketch of its operations; undefined: it had none. */
  readonly sketch: string | undefined;
}

/** The days that core has told, and their insurers, whose counts or sums differ between the three, in order; of one insurer if given. */
export function findDiffering(
  told: readonly ToldDay[],
  { ledger, register }: { ledger: SumsByDay; register: SumsByDay },
  only?: string,
): DifferingDay[] {
  return told.flatMap(({ day, insurers }) => {
    const [ofCore, ofLedger, ofRegister] = [
      new Map(insurers.map((one) => [one.insurer, one])),
      ledger.get(day),
      register.get(day),
    ];
    const names = new Set([...ofCore.keys(), ...(ofLedger?.keys() ?? []), ...(ofRegister?.keys() ?? [])]);
    const compared = [...names].toSorted().map((insurer) => {
      const one = ofCore.get(insurer);
      const [core, sketch] = one ? [toldSums(one), one.sketch] : [NO_SUMS];
      const [booked, lines] = [ofLedger?.get(insurer) ?? NO_SUMS, ofRegister?.get(insurer) ?? NO_SUMS];
      return { day, insurer, core, ledger: booked, register: lines, sketch };
    });
    return compared.filter(
      ({ insurer, core, ...books }) =>
        (only ?? insurer) === insurer && !(isSame(core, books.ledger) && isSame(core, books.register)),
    );
  });
}
