import type { RiskTables } from './risk-tables.ts';

/** An OSAGO risk as a quote asks for it, without a date: tomorrow. */
export type RiskQuery = Readonly<Record<string, string>>;

/** Numbers from 0 to 1. */
export type Random = () => number;

/** By category: of a hundred vehicles so many. */
const VEHICLES: readonly (readonly [category: string, percent: number])[] = [
  ['B', 80],
  ['A', 5],
  ['C', 5],
  ['BE', 2],
  ['CE', 2],
  ['D', 2],
  ['D1', 2],
  ['tractor', 2],
];

const [LEAST_KG, MOST_KG] = [3_500, 40_000];
/** Where a band of the tables has no end. */
const [OLDEST, STRONGEST_HP] = [75, 300];
const LICENCE_AGE = 15;
const MOST_DRIVERS = 3;

/**
 * Draws a risk that is on sale out of the official tables. `load/locust/risks.py` draws the same ones: how often, and in
 * which order, `random` is asked must not differ.
 */
export function drawRisk(tables: RiskTables, random: Random): RiskQuery {
  const category = drawCategory(random);
  const owner = random() < 0.1 ? 'legal' : 'individual';
  const use = drawUse(category, random);
  const mass = category === 'C' || category === 'CE' ? between(random, LEAST_KG, MOST_KG) : undefined;
  const places = category === 'tractor' ? tables.tractorPlaces : tables.places;
  const [subject = '', locality = ''] = oneOf(random, places);
  return {
    category,
    owner,
    use,
    ...(mass !== undefined && { maxMassKg: String(mass) }),
    subject,
    locality,
    kbm: oneOf(random, tables.kbmClasses),
    drivers: drawDrivers(tables, random),
    powerHp: String(drawPower(category === 'A' ? tables.motorcyclePowers : tables.carPowers, random)),
    months: random() < 0.8 ? '12' : String(oneOf(random, tables.months)),
  };
}

function drawCategory(random: Random): string {
  let left = random() * 100;
  for (const [category, percent] of VEHICLES) {
    left -= percent;
    if (left < 0) return category;
  }
  return 'B';
}

function drawUse(category: string, random: Random): string {
  const drawn = random();
  if (category === 'B' || category === 'BE') return drawn < 0.05 ? 'taxi' : 'personal';
  return category === 'D' && drawn < 0.3 ? 'regular' : 'personal';
}

function drawDrivers({ driverBands }: RiskTables, random: Random): string {
  if (random() < 0.2) return 'unlimited';
  const drivers: string[] = [];
  const count = between(random, 1, MOST_DRIVERS);
  while (drivers.length < count) {
    const { ageFrom, ageTo, expFrom, expTo } = oneOf(random, driverBands);
    // Of a band's ages only those that can have so much experience.
    const age = between(random, Math.max(ageFrom, expFrom + LICENCE_AGE), ageTo ?? OLDEST);
    const most = age - LICENCE_AGE;
    drivers.push(`${age}:${between(random, expFrom, expTo === null ? most : Math.min(expTo, most))}`);
  }
  return drivers.join(',');
}

/** A band does not hold its lower bound, and holds its upper one. */
function drawPower(bands: RiskTables['carPowers'], random: Random): number {
  const { hpFrom, hpTo } = oneOf(random, bands);
  return between(random, hpFrom + 1, hpTo ?? STRONGEST_HP);
}

const between = (random: Random, least: number, most: number) => least + Math.floor(random() * (most - least + 1));
const oneOf = <Value>(random: Random, values: ArrayLike<Value>) =>
  values[Math.floor(random() * values.length)] as Value;
