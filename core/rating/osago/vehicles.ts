import tables from '#contracts/osago-tables.json' with { type: 'json' };
import type { Label } from '#contracts/quote.ts';
import type { OsagoRisk } from '#contracts/risk.ts';
import type { OsagoBaseRow } from '#contracts/tariff.ts';
import { FACTOR_CODES, type FactorCode } from './official-factor.ts';

type Category = OsagoRisk['category'];
type Kind = Pick<OsagoRisk, 'category' | 'owner' | 'use' | 'maxMassKg'>;

/** How the vehicles of a category are rated. */
export interface Vehicle {
  readonly label: Label;
  readonly uses: readonly OsagoRisk['use'][];
  /** Its coefficients, in order. */
  readonly formula: readonly FactorCode[];
  /** Its row of Annex 1. */
  readonly baseRow: (kind: Kind) => OsagoBaseRow | undefined;
}

/** Rows 3.1 and 3.2 part here: up to it inclusive, and over it. */
const LIGHT_TRUCK_KG = 16_000;

const CODES: ReadonlyMap<string, FactorCode> = new Map(FACTOR_CODES.map((code) => [code, code]));

/** A formula of the tables' meta without TB, the base rate itself; a coefficient we cannot read must not get lost. */
function formula(codes: readonly string[]): readonly FactorCode[] {
  return codes
    .filter((text) => text !== 'TB')
    .map((text) => {
      const code = CODES.get(text);
      if (!code) throw new RangeError(`Cannot rate by formula ${codes.join(' x ')}: unknown ${text}`);
      return code;
    });
}

const { B_BE, A_M_A1_B1, C_D_Tb_Tm_tractor } = tables.meta.formula;
const [car, motorcycle, other] = [formula(B_BE), formula(A_M_A1_B1), formula(C_D_Tb_Tm_tractor)];

const CAR: Omit<Vehicle, 'label'> = {
  uses: ['personal', 'taxi'],
  formula: car,
  baseRow: ({ owner, use }) => (use === 'taxi' ? '2.3' : owner === 'legal' ? '2.1' : '2.2'),
};

const TRUCK: Omit<Vehicle, 'label'> = {
  uses: ['personal'],
  formula: other,
  baseRow: ({ maxMassKg }) => (maxMassKg === undefined ? undefined : maxMassKg <= LIGHT_TRUCK_KG ? '3.1' : '3.2'),
};

const otherVehicle = (row: OsagoBaseRow): Omit<Vehicle, 'label'> => ({
  uses: ['personal'],
  formula: other,
  baseRow: () => row,
});

/** Every category: what it may be used for, its formula and its base rows. */
export const VEHICLES: Readonly<Record<Category, Vehicle>> = {
  A: {
    label: { en: 'Motorcycles and mopeds', ru: 'Мотоциклы и мопеды' },
    uses: ['personal'],
    formula: motorcycle,
    baseRow: () => '1',
  },
  B: { label: { en: 'Cars', ru: 'Легковые' }, ...CAR },
  BE: { label: { en: 'Cars with trailers', ru: 'Легковые с прицепом' }, ...CAR },
  C: { label: { en: 'Trucks', ru: 'Грузовые' }, ...TRUCK },
  CE: { label: { en: 'Trucks with trailers', ru: 'Грузовые с прицепом' }, ...TRUCK },
  D: {
    label: { en: 'Buses', ru: 'Автобусы' },
    uses: ['personal', 'regular'],
    formula: other,
    baseRow: ({ use }) => (use === 'regular' ? '4.3' : '4.2'),
  },
  D1: { label: { en: 'Small buses', ru: 'Малые автобусы' }, ...otherVehicle('4.1') },
  Tb: { label: { en: 'Trolleybuses', ru: 'Троллейбусы' }, ...otherVehicle('5') },
  Tm: { label: { en: 'Trams', ru: 'Трамваи' }, ...otherVehicle('6') },
  tractor: {
    label: { en: 'Tractors and other self-propelled machines', ru: 'Тракторы и самоходные машины' },
    ...otherVehicle('7'),
  },
};

/** Of these the row depends on the mass. */
export const WEIGHED: readonly Category[] = ['C', 'CE'];

/** Of these the formula has the power. */
export const POWERED: readonly Category[] = (Object.keys(VEHICLES) as Category[]).filter((category) =>
  VEHICLES[category].formula.includes('KM'),
);

/** The base row of a risk; undefined for a use that its category does not have, and for a truck of unknown mass. */
export function baseRowOf(kind: Kind): OsagoBaseRow | undefined {
  const { uses, baseRow } = VEHICLES[kind.category];
  return uses.includes(kind.use) ? baseRow(kind) : undefined;
}
