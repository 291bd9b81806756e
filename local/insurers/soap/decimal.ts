/** An integer of units of which `places` digits are after the mark: 605 and 2 as `6.05`. Idle zeros stay, as in a printout. */
export function decimal(units: number, { places, mark = '.' }: { places: number; mark?: '.' | ',' }): string {
  const digits = String(units).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}${mark}${digits.slice(-places)}`;
}

/** A coefficient as an integer of ten-thousandths; exact, since it has at most four places. */
export function tenThousandths(factor: string): number {
  return Math.round(Number(factor) * 10_000);
}
