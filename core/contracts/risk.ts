import { z } from 'zod';
import { IsoDate } from './words.ts';

/** Categories of vehicles as OSAGO's base rates have them; Tb trolleybuses, Tm trams. */
export const VehicleCategory = z.enum(['A', 'B', 'BE', 'C', 'CE', 'D', 'D1', 'Tb', 'Tm', 'tractor']);
export const VehicleOwner = z.enum(['individual', 'legal']);
/** `regular`: regular carriage of passengers, category D. */
export const VehicleUse = z.enum(['personal', 'taxi', 'regular']);
/** The bonus-malus scale, worst first. */
export const KbmClass = z.enum(['M', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13']);

const MOST_INSURED = 20;

/** An OSAGO risk in canonical form: every parameter that bears on the premium, and no other. */
export const OsagoRisk = z
  .strictObject({
    category: VehicleCategory,
    owner: VehicleOwner,
    use: VehicleUse,
    /** Permitted maximum mass, kg: of categories C and CE. */
    maxMassKg: z.int().min(500).max(200_000).optional(),
    subject: z.string(),
    locality: z.string(),
    kbm: KbmClass,
    drivers: z.union([
      z.literal('unlimited'),
      z
        .array(z.strictObject({ age: z.int().min(16).max(99), experience: z.int().min(0).max(84) }))
        .min(1)
        .max(MOST_INSURED),
    ]),
    /** Of categories whose formula has KM: A, B, BE. */
    powerHp: z.number().min(1).max(2_000).optional(),
    months: z.int().min(3).max(12),
    startsOn: IsoDate,
  })
  .meta({ id: 'OsagoRisk' });
export type OsagoRisk = z.infer<typeof OsagoRisk>;

/** Where a cover abroad holds; `usa-canada` is the whole world with them, `world` without. */
export const Territory = z.enum(['cis', 'schengen', 'asia', 'world', 'usa-canada']);
/** Euros; 30,000 is the least that a Schengen visa takes (Regulation (EC) 810/2009, article 15). */
export const SumInsuredEur = z.enum(['30000', '50000', '100000']);
export const Activity = z.enum(['none', 'sport', 'extreme']);

export const TravelRisk = z
  .strictObject({
    territory: Territory,
    /** Ages in full years, ascending: their order never matters. */
    travellers: z.array(z.int().min(0).max(99)).min(1).max(MOST_INSURED),
    days: z.int().min(1).max(365),
    sumInsuredEur: SumInsuredEur,
    activity: Activity,
    startsOn: IsoDate,
  })
  .meta({ id: 'TravelRisk' });
export type TravelRisk = z.infer<typeof TravelRisk>;

export const Premises = z.enum(['flat', 'house']);
export const BuildingMaterial = z.enum(['brick', 'concrete', 'wood']);
export const PremisesUse = z.enum(['own', 'rented']);
export const YesNo = z.enum(['yes', 'no']);

export const PropertyRisk = z
  .strictObject({
    premises: Premises,
    material: BuildingMaterial,
    builtYear: z.int().min(1800).max(9_999),
    use: PremisesUse,
    alarm: YesNo,
    /** Roubles. */
    sumInsured: z.int().min(100_000).max(100_000_000),
    months: z.int().min(1).max(12),
    startsOn: IsoDate,
  })
  .meta({ id: 'PropertyRisk' });
export type PropertyRisk = z.infer<typeof PropertyRisk>;

export const Sex = z.enum(['female', 'male']);
export const Occupation = z.enum(['office', 'manual', 'hazardous']);

export const LifeRisk = z
  .strictObject({
    /** Full years on the first day of cover. */
    age: z.int().min(18).max(99),
    sex: Sex,
    smoker: YesNo,
    occupation: Occupation,
    /** Roubles. */
    sumInsured: z.int().min(100_000).max(50_000_000),
    years: z.int().min(1).max(30),
    startsOn: IsoDate,
  })
  .meta({ id: 'LifeRisk' });
export type LifeRisk = z.infer<typeof LifeRisk>;

/** The risk of each product. */
export const RISKS = { osago: OsagoRisk, travel: TravelRisk, property: PropertyRisk, life: LifeRisk } as const;
export type Risks = { readonly [P in keyof typeof RISKS]: z.infer<(typeof RISKS)[P]> };

/** A risk of any product: their fields tell them apart. */
export const Risk = z.union([OsagoRisk, TravelRisk, PropertyRisk, LifeRisk]);
export type Risk = z.infer<typeof Risk>;
