import tables from '#contracts/osago-tables.json' with { type: 'json' };
import {
  BuildingMaterial,
  KbmClass,
  Occupation,
  Premises,
  PremisesUse,
  Sex,
  SumInsuredEur,
  Territory,
} from '#contracts/risk.ts';
import type { Product } from '#contracts/words.ts';
import { FOREIGN } from '../../../core/rating/osago/territory.ts';
import { addDays } from '../../../core/rating/parameters/starts-on.ts';

/** A source of numbers from 0 to 1, and the date in Moscow that the query is good on. */
interface Chance {
  readonly random: () => number;
  readonly today: string;
}

type Query = Record<string, string | number>;

const PLACES = tables.kt.filter(({ subject, effectiveTo }) => subject !== FOREIGN && effectiveTo === null);

const between = ({ random }: Chance, least: number, most: number) => least + Math.floor(random() * (most - least + 1));
const oneOf = <Value>({ random }: Chance, values: readonly Value[]) =>
  values[Math.floor(random() * values.length)] as Value;
const yesNo = ({ random }: Chance, share: number) => (random() < share ? 'yes' : 'no');
const listOf = (chance: Chance, most: number, make: () => string | number) =>
  Array.from({ length: between(chance, 1, most) }, make).join(',');

/** Most are cars of their drivers, some of companies, some lorries. */
function osago(chance: Chance): Query {
  const { subject, locality } = oneOf(chance, PLACES);
  const isLorry = chance.random() < 0.1;
  const driver = () => {
    const age = between(chance, 18, 75);
    return `${age}:${between(chance, 0, age - 18)}`;
  };
  return {
    ...(isLorry ? { category: 'C', maxMassKg: between(chance, 3_500, 40_000) } : { category: 'B' }),
    owner: chance.random() < 0.1 ? 'legal' : 'individual',
    subject,
    locality,
    kbm: oneOf(chance, KbmClass.options),
    drivers: chance.random() < 0.2 ? 'unlimited' : listOf(chance, 3, driver),
    powerHp: between(chance, 50, 300),
    months: chance.random() < 0.8 ? 12 : between(chance, 3, 11),
  };
}

const travel = (chance: Chance): Query => ({
  territory: oneOf(chance, Territory.options),
  travellers: listOf(chance, 5, () => between(chance, 0, 65)),
  days: between(chance, 1, 60),
  sumInsuredEur: oneOf(chance, SumInsuredEur.options),
  activity: chance.random() < 0.2 ? 'sport' : 'none',
});

const property = (chance: Chance): Query => ({
  premises: oneOf(chance, Premises.options),
  material: oneOf(chance, BuildingMaterial.options),
  builtYear: between(chance, 1955, 2026),
  use: oneOf(chance, PremisesUse.options),
  alarm: yesNo(chance, 0.4),
  sumInsured: between(chance, 500_000, 20_000_000),
  months: chance.random() < 0.8 ? 12 : between(chance, 1, 11),
});

const life = (chance: Chance): Query => ({
  age: between(chance, 20, 55),
  sex: oneOf(chance, Sex.options),
  smoker: yesNo(chance, 0.3),
  occupation: oneOf(chance, Occupation.options),
  sumInsured: between(chance, 300_000, 8_000_000),
  years: between(chance, 1, 15),
});

const RISKS: Record<Product, (chance: Chance) => Query> = { osago, travel, property, life };

/** The query of a believable risk: most insurers take it, and hardly two are the same. */
export function anyQuery(product: Product, chance: Chance): URLSearchParams {
  const startsOn = addDays(chance.today, between(chance, 1, 60));
  const entries = Object.entries({ ...RISKS[product](chance), startsOn });
  return new URLSearchParams(entries.map(([name, value]) => [name, String(value)]));
}
