import type { Tariff } from '#contracts/tariff.ts';

/**
 * So many tariffs, made like some that there are: insurer after insurer with all its products, and when these are used
 * up the same again as of other insurers, with their own prices.
 */
export function manyTariffs(
  like: readonly Tariff[],
  { count, random }: { count: number; random: () => number },
): Tariff[] {
  return Array.from({ length: count }, (_, index) => {
    const model = like[index % like.length];
    if (!model) throw new Error('There is no tariff to make others like');
    const insurer = `${model.insurer}-${Math.floor(index / like.length) + 1}`;
    return repriced({ ...model, insurer }, 0.99 + 0.02 * random());
  });
}

/** Prices in kopecks are changed; coefficients stay, as insurers have much the same. */
function repriced(tariff: Tariff, share: number): Tariff {
  const changed = (minor: number) => Math.round(minor * share);
  if (tariff.product === 'osago') {
    const rows = Object.entries(tariff.terms.baseRatesMinor).map(([row, minor]) => [row, changed(minor)]);
    return { ...tariff, terms: { baseRatesMinor: Object.fromEntries(rows) } };
  }
  if (tariff.product !== 'travel') return tariff;
  return { ...tariff, terms: { ...tariff.terms, dailyRateMinor: changed(tariff.terms.dailyRateMinor) } };
}
