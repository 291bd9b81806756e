/** A driver's age and experience in full years, both ends inclusive; null: no end. */
interface DriverBand {
  readonly ageFrom: number;
  readonly ageTo: number | null;
  readonly expFrom: number;
  readonly expTo: number | null;
}

interface PowerBand {
  readonly hpFrom: number;
  readonly hpTo: number | null;
}

/** What risks are drawn from. */
export interface RiskTables {
  /** Subject and locality of each row in force. */
  readonly places: ArrayLike<readonly [subject: string, locality: string]>;
  /** Those whose row has a coefficient for tractors. */
  readonly tractorPlaces: ArrayLike<readonly [subject: string, locality: string]>;
  readonly kbmClasses: readonly string[];
  readonly driverBands: readonly DriverBand[];
  readonly carPowers: readonly PowerBand[];
  readonly motorcyclePowers: readonly PowerBand[];
  readonly months: readonly number[];
}

/** As much of `core/contracts/osago-tables.json` as is needed. */
interface OfficialTables {
  readonly kt: readonly {
    readonly subject: string;
    readonly locality: string;
    readonly tractor: string | null;
    readonly effectiveTo: string | null;
  }[];
  readonly kbm: { readonly classes: readonly { readonly class: string }[] };
  readonly kvs: readonly DriverBand[];
  readonly km: readonly { readonly hpFrom: string; readonly hpTo: string | null }[];
  readonly kmMoto: readonly { readonly hpFrom: string; readonly hpTo: string | null }[];
  readonly ks: readonly { readonly months: number }[];
}

/** Vehicles registered abroad are not sold. */
const FOREIGN = 'иностранное государство';

/** Takes out of the official tables what risks are drawn from; places are those in force without an end. */
export function riskTables(official: OfficialTables): RiskTables {
  const rows = official.kt.filter(({ subject, effectiveTo }) => subject !== FOREIGN && effectiveTo === null);
  const placesOf = (some: typeof rows) => some.map(({ subject, locality }) => [subject, locality] as const);
  return {
    places: placesOf(rows),
    tractorPlaces: placesOf(rows.filter(({ tractor }) => tractor !== null)),
    kbmClasses: official.kbm.classes.map((row) => row.class),
    driverBands: official.kvs.map(({ ageFrom, ageTo, expFrom, expTo }) => ({ ageFrom, ageTo, expFrom, expTo })),
    carPowers: powerBands(official.km),
    motorcyclePowers: powerBands(official.kmMoto),
    months: official.ks.map(({ months }) => months),
  };
}

const powerBands = (rows: OfficialTables['km']): PowerBand[] =>
  rows.map(({ hpFrom, hpTo }) => ({ hpFrom: Number(hpFrom), hpTo: hpTo === null ? null : Number(hpTo) }));
